"""What is taken, and what becomes of it [PJ-09…PJ-14]."""

import hashlib
import io
from contextlib import ExitStack

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from candide.foundation.files.domain.blobs import open_file, open_original
from candide.foundation.files.domain.checks import IMAGE_KINDS, OFFICE_KINDS, Limits
from candide.foundation.files.domain.storing import store, store_generated
from candide.foundation.files.enums import Change, ScanStatus
from candide.foundation.files.models import OriginalFile
from tests.factories import samples
from tests.factories.samples import upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_here")]


def content_of(stored_file):
    with open_file(stored_file) as file:
        return file.read()


@pytest.fixture
def pages_of():
    """The pages of the working copy, which are only there as long as their document is."""
    with ExitStack() as documents:
        yield (
            lambda stored_file: (
                documents.enter_context(pikepdf.open(io.BytesIO(content_of(stored_file)))).pages
            )
        )


def picture_of(page):
    """The only picture of a page, as a reader sees it: turned as the page is."""
    (picture,) = page.obj.Resources.XObject.values()
    picture = pikepdf.PdfImage(picture).as_pil_image()
    return picture.rotate(-page.rotation, expand=True)


# -- A single PDF -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        lambda: samples.pdf(pages=3),
        lambda: samples.pdf_with_owner_password(),
        lambda: samples.signed_pdf(),
        lambda: samples.filled_form(),
    ],
    ids=["plain", "owner password", "signed", "form"],
)
def test_single_pdf_stays_byte_for_byte(content, pages_of):
    content = content()
    stored_file = store([upload(content, "Mon diplôme.pdf")], by=None)

    assert content_of(stored_file) == content
    assert stored_file.name == "Mon_diplôme.pdf"
    assert stored_file.media_type == "application/pdf"
    assert stored_file.size == len(content)
    assert stored_file.sha256 == hashlib.sha256(content).hexdigest()
    assert stored_file.page_count == len(pages_of(stored_file))
    assert stored_file.changes == []
    assert not stored_file.is_stripped
    assert stored_file.scan_status == ScanStatus.NOT_SCANNED
    original = stored_file.originals.get()
    assert (original.key, original.name) == (stored_file.key, "Mon diplôme.pdf")


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (lambda: samples.pdf_with_script(), [Change.SCRIPTS]),
        (lambda: samples.pdf_with_attachment(), [Change.ATTACHMENTS]),
        (lambda: samples.pdf_with_everything_active(), [Change.ATTACHMENTS, Change.SCRIPTS]),
        (lambda: samples.signed_pdf(script=True), [Change.SCRIPTS, Change.SIGNATURE]),
        (lambda: samples.pdf_after_junk(), [Change.FOREIGN_DATA]),
        (lambda: samples.pdf_and_zip(), [Change.FOREIGN_DATA]),
        (lambda: samples.pdf() + b"x" * 2000, [Change.FOREIGN_DATA]),
    ],
)
def test_active_or_foreign_content_is_stripped_and_told(content, changes):
    content = content()
    stored_file = store([upload(content)], by=None)

    kept = content_of(stored_file)
    assert stored_file.changes == changes
    assert stored_file.is_stripped
    assert len(stored_file.changes_told) == len(changes)
    for trace in (b"JavaScript", b"Launch", b"EmbeddedFile", b"MZ", b"run.js", b"XFA", b"Subject"):
        assert trace not in kept
    assert kept.startswith(b"%PDF-")
    original = stored_file.originals.get()
    assert original.key != stored_file.key
    with open_original(original) as file:
        assert file.read() == content


def test_pdf_without_header_is_repaired():
    stored_file = store([upload(samples.pdf_without_header())], by=None)

    assert stored_file.changes == [Change.REPAIRED]
    assert not stored_file.is_stripped
    assert content_of(stored_file).startswith(b"%PDF-")


def test_links_of_a_stripped_pdf_still_lead_somewhere(pages_of):
    stored_file = store([upload(samples.pdf_with_everything_active())], by=None)

    link, *others = pages_of(stored_file)[0].Annots
    assert link.A.URI == "https://example.org"
    assert [annotation.Subtype for annotation in others] == ["/Link"]
    assert "/A" not in others[0]


def test_heavy_scan_is_reduced_to_fit(pages_of):
    content = samples.scanned_pdf(pages=3)
    assert len(content) > 3_000_000

    stored_file = store([upload(content)], by=None, limits=Limits(max_document_bytes=3_000_000))

    assert stored_file.changes == [Change.REDUCED]
    assert stored_file.size < 3_000_000
    assert [min(picture_of(page).size) >= 1654 for page in pages_of(stored_file)] == [True] * 3


# -- Images and several files -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lambda: samples.photo(), "IMG_0001.JPG"),
        (lambda: samples.image("JPEG", samples.drawing(mode="CMYK")), "scan.jpeg"),
        (lambda: samples.image("JPEG", samples.drawing(mode="L"), progressive=True), "scan.jpeg"),
        (lambda: samples.image("PNG"), "capture.png"),
        (lambda: samples.image("PNG", samples.drawing(mode="P")), "capture.png"),
        (lambda: samples.image("PNG", samples.drawing(mode="1")), "capture.png"),
        (lambda: samples.image("PNG", samples.drawing(mode="I;16")), "capture.png"),
        (lambda: samples.image("PNG", samples.drawing(mode="LA")), "capture.png"),
        (lambda: samples.heic(), "IMG_0002.HEIC"),
        (lambda: samples.image("WEBP"), "photo.webp"),
        (lambda: samples.tiff(), "scan.tif"),
        (lambda: samples.tiff(compression="group4", mode="1"), "fax.tiff"),
        (lambda: samples.tiff(compression="tiff_deflate", mode="CMYK"), "scan.tiff"),
    ],
)
def test_image_becomes_one_page_that_lies_as_it_was_seen(content, name, pages_of):
    content = content()
    stored_file = store([upload(content, name)], by=None)

    (page,) = pages_of(stored_file)
    assert stored_file.name.endswith(".pdf")
    assert stored_file.page_count == 1
    assert (round(page.mediabox[2]), round(page.mediabox[3])) == (595, 842)
    seen = picture_of(page).convert("L")
    assert seen.size == (600, 800)
    assert seen.getpixel((20, 20)) < 60
    assert seen.getpixel((500, 700)) > 200
    with open_original(stored_file.originals.get()) as file:
        assert file.read() == content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photo_is_shown_upright_however_the_telephone_was_held(orientation, pages_of):
    """Orientation 6 is the telephone held upright; the even ones between are mirrored."""
    taken = Image.open(io.BytesIO(samples.photo(800, 600, orientation=orientation)))
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(taken).convert("L")
    content = samples.photo(800, 600, orientation=orientation)

    stored_file = store([upload(content, "photo.jpg")], by=None)

    (page,) = pages_of(stored_file)
    seen = picture_of(page).convert("L")
    assert seen.size == upright.size
    corners = [(20, 20), (20, seen.height - 20), (seen.width - 20, 20)]
    assert [seen.getpixel(at) < 128 for at in corners] == [
        upright.getpixel(at) < 128 for at in corners
    ]


def test_photo_loses_place_and_device_but_no_pixel(pages_of):
    content = samples.photo()

    stored_file = store([upload(content, "photo.jpg")], by=None)

    kept = content_of(stored_file)
    assert b"Telephone maker" in content
    assert b"Telephone maker" not in kept
    assert b"Exif" not in kept
    assert stored_file.changes == [Change.METADATA]
    (page,) = pages_of(stored_file)
    before = Image.open(io.BytesIO(content)).tobytes()
    assert picture_of(page).tobytes() == before


def test_large_photo_is_reduced_but_stays_legible(pages_of):
    content = samples.large_photo()
    assert len(content) > 3_000_000

    stored_file = store([upload(content, "photo.jpg")], by=None)

    (page,) = pages_of(stored_file)
    assert stored_file.size < 2_500_000
    assert min(picture_of(page).size) >= 1654  # 200 dpi across A4


def test_photo_saved_without_loss_does_not_stay_so_heavy():
    grain = Image.effect_noise((1500, 1000), 40).convert("RGB")
    content = samples.image("PNG", grain)

    stored_file = store([upload(content, "photo.png")], by=None)

    assert stored_file.size < len(content) / 2


def test_many_large_photos_still_fit_into_one_document(pages_of):
    photos = [upload(samples.large_photo(), f"page {n}.jpg") for n in range(2)]

    stored_file = store(photos, by=None, limits=Limits(max_document_bytes=2_000_000))

    assert stored_file.size < 2_000_000
    assert Change.REDUCED in stored_file.changes
    assert [min(picture_of(page).size) >= 1654 for page in pages_of(stored_file)] == [True] * 2


def test_transparent_image_stands_on_white(pages_of):
    ghost = Image.new("RGBA", (100, 100), (0, 0, 0, 0))

    stored_file = store([upload(samples.image("PNG", ghost), "logo.png")], by=None)

    assert picture_of(pages_of(stored_file)[0]).convert("L").getpixel((50, 50)) == 255


def test_small_image_is_not_blown_up(pages_of):
    stored_file = store(
        [upload(samples.image("PNG", samples.drawing(60, 40)), "stamp.png")], by=None
    )

    (page,) = pages_of(stored_file)
    assert (round(page.mediabox[2]), round(page.mediabox[3])) == (842, 595)
    assert b"60.0000 0 0 40.0000" in page.Contents.read_bytes()


def test_several_files_become_one_document_in_their_order():
    uploads = [
        upload(samples.photo(place=False), "recto.jpg"),
        upload(samples.pdf_with_owner_password(), "suite.pdf"),
        upload(samples.tiff(pages=2), "annexe.tif"),
        upload(samples.pdf_with_script(), "fin.pdf"),
    ]

    stored_file = store(uploads, by=None, name="Relevé de notes")

    document = pikepdf.open(io.BytesIO(content_of(stored_file)))
    assert stored_file.name == "Relevé_de_notes.pdf"
    assert stored_file.page_count == len(document.pages) == 5
    assert stored_file.changes == [Change.SCRIPTS]
    assert not document.is_encrypted
    assert document.docinfo.Title == "Relevé de notes"
    with document.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles == ["recto.jpg", "suite.pdf", "annexe.tif", "fin.pdf"]
    assert [o.name for o in stored_file.originals.order_by("position")] == titles


def test_filled_form_keeps_what_was_filled_in_when_joined(pages_of):
    uploads = [upload(samples.filled_form()), upload(samples.pdf())]

    stored_file = store(uploads, by=None)

    page = pages_of(stored_file)[0]
    drawn = (
        page.Contents.read_bytes()
        if not isinstance(page.Contents, pikepdf.Array)
        else b"".join(part.read_bytes() for part in page.Contents)
    )
    shown = drawn + b"".join(form.read_bytes() for form in page.Resources.XObject.values())
    assert b"Rimbaud" in shown


def test_same_uploads_make_the_same_document():
    """So that its SHA-256 can be computed again."""
    made = [
        store([upload(samples.photo(), "a.jpg"), upload(samples.tiff(pages=2), "b.tif")], by=None)
        for _ in range(2)
    ]

    assert made[0].sha256 == made[1].sha256
    assert made[0].key != made[1].key


def test_wrong_extension_with_good_content_is_taken_for_what_it_is():
    stored_file = store([upload(samples.photo(), "diplome.pdf")], by=None)

    assert stored_file.name == "diplome.pdf"
    assert stored_file.originals.get().media_type == "image/jpeg"


# -- Other than documents -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (lambda: samples.docx(), "modele.docx", "wordprocessingml.document"),
        (lambda: samples.odt(), "modele.odt", "opendocument.text"),
    ],
)
def test_office_document_stays_as_it_is_where_accepted(content, name, media_type):
    content = content()
    stored_file = store([upload(content, name)], by=None, limits=Limits(kinds=OFFICE_KINDS))

    assert content_of(stored_file) == content
    assert stored_file.name == name
    assert stored_file.media_type.endswith(media_type)
    assert stored_file.page_count is None


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (lambda: samples.image("PNG"), "logo.png", "image/png"),
        (lambda: samples.photo(), "signature.jpg", "image/jpeg"),
        (lambda: samples.heic(), "signature.jpg", "image/jpeg"),
    ],
)
def test_image_stays_an_image_where_it_is_wanted(content, name, media_type):
    content = content()
    limits = Limits(kinds=IMAGE_KINDS, keeps_image=True)

    stored_file = store([upload(content, name)], by=None, limits=limits)

    kept = Image.open(io.BytesIO(content_of(stored_file)))
    assert (stored_file.media_type, stored_file.name) == (media_type, name)
    assert kept.size == (600, 800)
    assert not kept.getexif()


def test_generated_document_is_kept_without_original():
    content = samples.pdf()

    stored_file = store_generated(
        content, name="Récépissé 12", media_type="application/pdf", pages=1, by=None
    )

    assert content_of(stored_file) == content
    assert stored_file.name == "Récépissé_12.pdf"
    assert stored_file.sha256 == hashlib.sha256(content).hexdigest()
    assert OriginalFile.objects.count() == 0


def test_name_is_never_a_path():
    stored_file = store([SimpleUploadedFile("../../etc/passwd", samples.pdf())], by=None)

    assert stored_file.name == "passwd.pdf"


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_it_refuses_to_work():
    """It works for seconds, and would keep every other writer of SQLite waiting."""
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        store([upload(samples.pdf())], by=None)
