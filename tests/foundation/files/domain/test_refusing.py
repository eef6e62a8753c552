"""What is refused, and every reason that is told [PJ-10]."""

import pytest
from PIL import ImageFile

from candide.core.blockers import Refused
from candide.foundation.files.domain.checks import OFFICE_KINDS, Limits
from candide.foundation.files.domain.storing import store
from candide.foundation.files.models import StoredFile
from tests.factories import samples
from tests.factories.samples import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_here")]


def refusal(uploads, **limits):
    with pytest.raises(Refused) as refused:
        store(uploads, by=None, limits=Limits(**limits))
    assert StoredFile.objects.count() == 0
    return [(blocker.code, getattr(blocker, "name", "")) for blocker in refused.value.blockers]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (lambda: b"", "vide.pdf", "empty"),
        (lambda: samples.pdf(), "x" * 96 + ".pdf", "name_too_long"),
        (lambda: samples.pdf_with_user_password(), "a.pdf", "encrypted"),
        (lambda: samples.truncated_pdf(), "a.pdf", "damaged"),
        (lambda: b"%PDF-1.4\n%%EOF", "a.pdf", "damaged"),
        (lambda: samples.pdf(pages=0), "a.pdf", "damaged"),
        (lambda: samples.photo()[:3000], "a.jpg", "damaged"),
        (lambda: samples.large_photo()[:100_000], "a.jpg", "damaged"),
        (lambda: samples.image("PNG")[:400], "a.png", "damaged"),
        (lambda: samples.heic()[:600], "a.heic", "damaged"),
        (lambda: samples.tiff()[:500], "a.tif", "damaged"),
        (lambda: samples.pdf(pages=101), "a.pdf", "too_many_pages"),
        (lambda: samples.pdf(pages=1000), "a.pdf", "too_many_pages"),
        (lambda: samples.tiff(pages=101, mode="1"), "a.tif", "too_many_pages"),
        (lambda: samples.stream_bomb(), "a.pdf", "too_complex"),
        (lambda: samples.image_bomb(), "a.pdf", "too_complex"),
        (lambda: samples.enormous_png(), "a.png", "image_too_large"),
        (lambda: samples.HTML, "diplome.pdf", "wrong_type"),
        (lambda: samples.SVG, "logo.png", "wrong_type"),
        (lambda: samples.docx(), "cv.docx", "wrong_type"),
        (lambda: samples.odt(), "cv.odt", "wrong_type"),
        (lambda: samples.OLD_WORD, "cv.doc", "wrong_type"),
        (lambda: b"{\\rtf1 hello}", "cv.rtf", "wrong_type"),
        (lambda: samples.zipped(a=b"a"), "dossier.zip", "wrong_type"),
        (lambda: samples.odt(b"presentation"), "a.odp", "wrong_type"),
        (lambda: samples.zipped(**{"[Content_Types].xml": b"x"}), "a.xlsx", "wrong_type"),
        (lambda: b"PK\x03\x04 broken", "a.zip", "wrong_type"),
        (lambda: b"Rar!\x1a\x07", "a.rar", "wrong_type"),
        (lambda: b"Dear sirs", "lettre.txt", "wrong_type"),
    ],
)  # fmt: skip
def test_refused_with_its_reason(content, name, code):
    content = content()
    assert refusal([upload(content, name)]) == [(code, name)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: samples.docx(word__vbaProject_dot_bin=b"x"), "macros"),
        (lambda: samples.docx(word__big_dot_xml=bytes(201_000_000)), "too_complex"),
        (lambda: samples.encrypted_docx(), "encrypted"),
    ],
)
def test_office_document_refused_with_its_reason(content, code):
    content = content()
    assert refusal([upload(content, "a.docx")], kinds=OFFICE_KINDS) == [(code, "a.docx")]


def test_broken_office_document_is_called_an_archive():
    content = samples.docx()

    assert refusal([upload(content[:-30], "a.docx")], kinds=OFFICE_KINDS) == [
        ("wrong_type", "a.docx")
    ]


def test_thirty_megabytes_are_refused_before_they_are_opened():
    assert refusal([upload(samples.pdf_of_size(30_000_000))]) == [("too_large", "diplome.pdf")]


def test_document_that_no_treatment_makes_small_enough_is_refused():
    assert refusal([upload(samples.pdf_of_size(11_000_000))]) == [
        ("document_too_large", "diplome.pdf")
    ]


def test_signed_document_too_large_is_refused_rather_than_spoilt():
    content = samples.signed_pdf()

    assert refusal([upload(content)], max_document_bytes=len(content) - 1) == [
        ("document_too_large", "diplome.pdf")
    ]


def test_every_reason_of_every_file_is_told():
    uploads = [
        upload(b"", "vide.pdf"),
        upload(samples.pdf(), "bon.pdf"),
        upload(samples.pdf_with_user_password(), "ferme.pdf"),
        upload(samples.HTML, "page.pdf"),
        upload(samples.pdf(pages=3), "n" * 100 + ".pdf"),
    ]

    assert refusal(uploads) == [
        ("empty", "vide.pdf"),
        ("encrypted", "ferme.pdf"),
        ("wrong_type", "page.pdf"),
        ("name_too_long", "n" * 100 + ".pdf"),
    ]


def test_pages_are_counted_together():
    uploads = [upload(samples.pdf(pages=3), "a.pdf"), upload(samples.pdf(pages=3), "b.pdf")]

    assert refusal(uploads, max_pages=5) == [("too_many_pages", "a.pdf")]


def test_text_document_cannot_be_joined():
    uploads = [upload(samples.odt(), "a.odt"), upload(samples.odt(), "b.odt")]

    assert refusal(uploads, kinds=OFFICE_KINDS) == [("not_joinable", "a.odt")]


@pytest.mark.parametrize(("count", "code"), [(0, "no_file"), (3, "too_many_files")])
def test_number_of_files(count, code):
    uploads = [upload(samples.pdf()) for _ in range(count)]

    assert refusal(uploads, max_files=2) == [(code, "")]


def test_refusal_leaves_nothing_behind(settings, tmp_path, files_dir):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path

    refusal([upload(samples.HTML)])

    assert list(tmp_path.iterdir()) == []
    assert not files_dir.exists()


def test_half_a_picture_is_refused_whatever_else_draws_with_halves(monkeypatch):
    """WeasyPrint lets the whole process make do with them."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    assert refusal([upload(samples.photo()[:3000], "a.jpg")]) == [("damaged", "a.jpg")]
