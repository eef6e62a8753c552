"""Files leave only guarded: no browser takes them for a page, keeps them, or runs them."""

import pytest
from django.urls import path

from candide.config.urls import urlpatterns as whole_site
from candide.foundation.files.models import StoredFile
from candide.web.shared.downloads import serve, serve_content, serve_page
from tests.factories import samples
from tests.factories.files import StoredFileFactory
from tests.web.shared.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("institution")]

CONTENT = samples.pdf(pages=2)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def get(rf):
    """What a view that serves `stored_file` answers."""

    def answer(stored_file, *, as_attachment=False, filename="", **headers):
        request = rf.get("/", headers=headers)
        request.user = None
        response = serve(request, stored_file, as_attachment=as_attachment, filename=filename)
        response.read = body(response)
        response.close()
        return response

    return answer


def test_pdf_is_shown_in_the_page(get):
    response = get(StoredFileFactory(content=CONTENT))

    assert response.status_code == 200
    assert response.read == CONTENT
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Disposition"] == 'inline; filename="diplome.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"


def test_download_has_a_safe_name(get):
    response = get(StoredFileFactory(), as_attachment=True, filename='Relevé "été"\r\nX: y.pdf')

    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Relev%C3%A9%20%22%C3%A9t%C3%A9%22%0D%0AX%3A%20y.pdf"
    )


def test_image_is_shown_in_a_sandbox(get):
    response = get(StoredFileFactory(media_type="image/png", name="logo.png"))

    assert response["Content-Disposition"] == 'inline; filename="logo.png"'
    assert response["Content-Security-Policy"].endswith("; sandbox")


def test_text_document_is_only_ever_downloaded(get):
    response = get(
        StoredFileFactory(media_type="application/vnd.oasis.opendocument.text", name="modele.odt")
    )

    assert response["Content-Disposition"] == 'attachment; filename="modele.odt"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=-50", len(CONTENT) - 50, len(CONTENT) - 1),
        ("bytes=-999999", 0, len(CONTENT) - 1),
        ("bytes=10-999999", 10, len(CONTENT) - 1),
    ],
)
def test_part_of_a_file(get, asked, start, end):
    response = get(StoredFileFactory(content=CONTENT), range=asked)

    assert response.status_code == 206
    assert response.read == CONTENT[start : end + 1]
    assert response["Content-Range"] == f"bytes {start}-{end}/{len(CONTENT)}"
    assert response["Content-Length"] == str(end - start + 1)
    assert response["X-Content-Type-Options"] == "nosniff"


def test_long_part_comes_in_pieces(get):
    content = samples.pdf_of_size(200_000)

    response = get(StoredFileFactory(content=content), range="bytes=1-")

    assert response.read == content[1:]


@pytest.mark.parametrize("asked", ["bytes=999999-", "bytes=9-3", "bytes=-0"])
def test_part_that_is_not_there(get, asked):
    response = get(StoredFileFactory(content=CONTENT), range=asked)

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "pages=1-2"])
def test_other_ranges_get_the_whole(get, asked):
    response = get(StoredFileFactory(content=CONTENT), range=asked)

    assert (response.status_code, response.read) == (200, CONTENT)


def test_nginx_sends_the_content_where_it_can(get, settings):
    settings.ACCEL_REDIRECT = "/private/"
    stored_file = StoredFileFactory()

    response = get(stored_file)

    assert response["X-Accel-Redirect"] == f"/private/{stored_file.blob}"
    assert response.read == b""
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_document_made_for_the_answer_is_guarded_too(rf):
    response = serve_content(
        rf.get("/"), CONTENT, media_type="application/pdf", filename="é.pdf", as_attachment=True
    )

    assert response.content == CONTENT
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"


# -- Through a page -----------------------------------------------------------------------------


def show_file(request, pk):
    return serve(request, StoredFile.objects.get(pk=pk), as_attachment=False)


def show_page(request, pk, page):
    return serve_page(request, StoredFile.objects.get(pk=pk), page=page, width=480)


show_file.login_required = False
show_page.login_required = False
urlpatterns = [
    path("file/<int:pk>", show_file),
    path("page/<int:pk>/<int:page>", show_page),
    *whole_site,
]


@pytest.mark.urls("tests.web.shared.test_downloads")
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "L'antivirus n'a pas encore examiné ce fichier."),
        ("infected", "L'antivirus a trouvé un virus dans ce fichier."),
        ("unscannable", "L'antivirus n'a pas pu examiner ce fichier."),
    ],
)
@pytest.mark.parametrize("address", ["/file/{}", "/page/{}/1"])
def test_file_that_is_not_cleared_is_explained_instead(client, state, said, address):
    stored_file = StoredFileFactory(**{state: True})

    response = client.get(address.format(stored_file.pk), headers={"accept-language": "fr"})

    assert response.status_code == 409
    assert said in words(response.content.decode())
    assert b"%PDF" not in response.content


@pytest.mark.urls("tests.web.shared.test_downloads")
def test_picture_of_a_page_is_an_image(client):
    stored_file = StoredFileFactory()

    response = client.get(f"/page/{stored_file.pk}/1")

    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"].endswith("; sandbox")
