"""Pictures of pages, for the viewer and for small screens."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from candide.core import sandbox
from candide.core.blockers import Refused
from candide.foundation.files.domain.pictures import WIDTHS, page_image
from tests.factories import samples
from tests.factories.files import StoredFileFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sandbox_here")]


@pytest.mark.parametrize(
    ("asked", "drawn"), [(1, 200), (200, 200), (201, 480), (960, 960), (9999, WIDTHS[-1])]
)
def test_picture_has_one_of_few_widths(asked, drawn):
    picture = page_image(StoredFileFactory(), page=1, width=asked)

    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width == drawn
        assert image.format == "PNG"
    assert picture.media_type == "image/png"


def test_picture_of_a_scan_is_a_jpeg():
    """Without loss it would be many times as large."""
    stored_file = StoredFileFactory(content=samples.scanned_pdf(pages=1, quality=80))

    picture = page_image(stored_file, page=1, width=960)

    assert picture.media_type == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"


def test_each_page_is_itself():
    stored_file = StoredFileFactory(content=samples.pdf(pages=2))

    first, second = (page_image(stored_file, page=page, width=480) for page in (1, 2))

    assert first != second


def test_filled_form_shows_what_was_filled_in():
    filled = page_image(StoredFileFactory(content=samples.filled_form()), page=1, width=960)
    empty = page_image(StoredFileFactory(), page=1, width=960)

    assert filled != empty


def test_page_is_drawn_once(monkeypatch):
    stored_file = StoredFileFactory()
    drawn = page_image(stored_file, page=1, width=480)
    monkeypatch.setattr(sandbox, "run", None)

    assert page_image(stored_file, page=1, width=480) == drawn
    assert default_storage.exists(f"{stored_file.blob}-1-480")


def test_very_long_page_is_drawn_within_bounds():
    def change(document):
        document.pages[0].mediabox = [0, 0, 100, 10_000]

    stored_file = StoredFileFactory(content=samples.pdf(change=change))

    picture = page_image(stored_file, page=1, width=1600)

    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width * image.height <= 12_100_000


@pytest.mark.parametrize("page", [0, 2])
def test_page_that_is_not_there_has_no_picture(page):
    with pytest.raises(Refused) as refused:
        page_image(StoredFileFactory(), page=page, width=480)

    assert refused.value.codes == ["no_picture"]


@pytest.mark.parametrize("content", [b"%PDF-1.4 damaged", samples.HTML])
def test_document_that_cannot_be_drawn_has_no_picture(content):
    with pytest.raises(Refused) as refused:
        page_image(StoredFileFactory(content=content), page=1, width=480)

    assert refused.value.codes == ["no_picture"]


def test_infected_file_has_no_picture():
    with pytest.raises(Refused) as refused:
        page_image(StoredFileFactory(infected=True), page=1, width=480)

    assert refused.value.codes == ["infected"]
