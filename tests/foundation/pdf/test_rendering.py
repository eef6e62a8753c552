"""HTML of ours as an accessible PDF: tagged, titled, in its language; fetching nothing else."""

import base64
import io
import logging
from datetime import UTC, datetime

import pikepdf
import pytest

from candide.foundation.pdf.rendering import NotOurs, render, static_path
from tests.factories import samples

MADE_AT = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
PAGE = '<html lang="en"><head><title>x</title></head><body><h1>Été</h1>{}</body></html>'


def made(body="<p>Texte</p>"):
    return render(
        PAGE.format(body), title="Récépissé", language="fr", author="Université", created=MADE_AT
    )


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def test_document_is_tagged_titled_and_in_its_language():
    with opened(made()) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert document.Root.Lang == "fr"
        assert document.docinfo.Title == "Récépissé"
        assert document.docinfo.Author == "Université"
        assert document.docinfo.CreationDate == "D:20270315100000Z"
        assert document.Root.ViewerPreferences.DisplayDocTitle


def test_author_and_moment_may_be_missing():
    content = render(PAGE.format(""), title="T", language="en")

    with opened(content) as document:
        assert "/Author" not in document.docinfo
        assert "/CreationDate" not in document.docinfo


def test_same_arguments_give_the_same_bytes():
    assert made() == made()


def test_image_brought_along_is_drawn():
    logo = base64.b64encode(samples.image("PNG", samples.drawing(40, 40))).decode()

    with opened(made(f'<img alt="logo" src="data:image/png;base64,{logo}">')) as document:
        assert len(list(document.pages[0].Resources.XObject.keys())) == 1


def test_static_stylesheet_is_applied(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "letter.abc123.css").write_text("@page { size: A5 }")

    with opened(made('<link rel="stylesheet" href="/static/letter.abc123.css">')) as document:
        assert round(document.pages[0].mediabox[2]) == 420


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x.png",
        "file:///etc/passwd",
        "http://127.0.0.1:8000/static/x.png",
        "//evil.example/static/x.png",
        "/etc/passwd",
        "ftp://evil.example/x.png",
    ],
)
def test_nothing_else_is_fetched(caplog, address):
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        content = made(f'<img alt="x" src="{address}">')

    assert "NotOurs" in caplog.text
    with opened(content) as document:
        assert "/XObject" not in document.pages[0].Resources or not list(
            document.pages[0].Resources.XObject.keys()
        )


@pytest.mark.parametrize(
    "url",
    [
        "http://document.invalid/static/nowhere.css",
        "http://document.invalid/static/../settings.py",
        "http://document.invalid/static/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_file_outside_the_static_files_is_not_ours(url):
    with pytest.raises(NotOurs):
        static_path(url)


def test_static_file_of_an_app_is_found_before_it_is_collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "not collected"

    path = static_path("http://document.invalid/static/bootstrap/css/bootstrap.min.css")

    assert path.name == "bootstrap.min.css"
