"""Odd PDFs, of which no viewer complains either."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from candide.foundation.files.worker import documents, images
from candide.foundation.files.worker.documents import Unusable, open_document, reduce_images
from candide.foundation.files.worker.images import SMALL
from tests.factories import samples


def opened(tmp_path, content, *, max_pages=100):
    path = tmp_path / "document"
    path.write_bytes(content)
    return open_document(path, max_pages=max_pages)


def with_contents(stream_filter, data):
    def change(document):
        stream = document.make_stream(b"")
        stream.write(data, filter=stream_filter)
        document.pages[0].obj.Contents = stream

    return samples.pdf(change=change)


def test_document_with_more_pages_than_wanted_is_only_counted(tmp_path):
    assert opened(tmp_path, samples.pdf(pages=3), max_pages=2) == (None, 3)


@pytest.mark.parametrize(
    "content",
    [
        with_contents(Name("/Unknown"), b"only a viewer knows"),
        with_contents(Name.FlateDecode, b"not compressed at all"),
    ],
)
def test_stream_that_cannot_be_unpacked_is_no_bomb(tmp_path, content):
    document, pages = opened(tmp_path, content)

    assert (document.changes, pages) == (set(), 1)


@pytest.mark.parametrize(("opens", "changes"), [(True, set()), (False, {"repaired"})])
def test_odd_document_is_only_repaired_if_browsers_stumble_over_it(
    tmp_path, monkeypatch, opens, changes
):
    monkeypatch.setattr(documents, "_viewers_open", lambda path: opens)

    document, _pages = opened(tmp_path, samples.pdf_with_owner_password())

    assert document.changes == changes


def test_browsers_know_a_pdf(tmp_path):
    (tmp_path / "good").write_bytes(samples.pdf_with_owner_password())
    (tmp_path / "bad").write_bytes(samples.HTML)

    assert documents._viewers_open(tmp_path / "good") is True
    assert documents._viewers_open(tmp_path / "bad") is False


def test_stream_that_takes_all_memory_is_a_bomb():
    class Stream:
        def read_bytes(self, level):
            raise MemoryError

    assert documents._unpacked(Stream()) > documents.MAX_STREAM


def test_picture_whose_size_is_no_number_is_left_to_the_viewer(tmp_path):
    def change(document):
        picture = document.make_stream(b"")
        picture.Subtype, picture.Width, picture.Height = Name.Image, Name.Wide, 10
        document.Root.Thing = picture

    document, _pages = opened(tmp_path, samples.pdf(change=change))

    assert document.changes == set()


def test_document_whose_parts_are_of_the_wrong_kind_is_damaged(tmp_path, monkeypatch):
    """Some of them are only met while it is cleaned."""

    def strip(pdf):
        raise TypeError

    monkeypatch.setattr(documents, "strip", strip)

    with pytest.raises(Unusable, match="damaged"):
        opened(tmp_path, samples.pdf())


# -- Pictures made smaller ----------------------------------------------------------------------


def picture_in(document, image, **keys):
    picture = document.make_stream(b"")
    picture.write(image.tobytes())
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    picture.Width, picture.Height = image.size
    picture.BitsPerComponent = 8
    picture.ColorSpace = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}[image.mode]
    for key, value in keys.items():
        picture[f"/{key}"] = value
    document.Root.Thing = picture
    return picture


def noise(mode, size=(1000, 1000)):
    return Image.effect_noise(size, 80).convert(mode)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_heavy_picture_becomes_a_light_one_of_the_same_colours(mode):
    document = pikepdf.Pdf.new()
    picture = picture_in(document, noise(mode), Decode=Array([0, 1]))

    assert reduce_images(document, SMALL) is True

    assert len(picture.read_raw_bytes()) < 1_000_000
    assert pikepdf.PdfImage(picture).as_pil_image().mode == mode
    assert "/Decode" not in picture


@pytest.mark.parametrize(
    "why", ["small already", "black and white", "exotic", "no smaller afterwards"]
)
def test_picture_that_cannot_be_made_smaller_stays(why):
    document = pikepdf.Pdf.new()
    if why == "small already":
        picture = picture_in(document, noise("L", (100, 100)))
    elif why == "black and white":
        picture = picture_in(document, noise("L"), BitsPerComponent=1)
    elif why == "exotic":
        picture = picture_in(document, noise("L"), ColorSpace=Array([Name.Separation]))
    else:
        light = io.BytesIO()
        noise("L").save(light, "JPEG", quality=10)
        picture = picture_in(document, noise("L"))
        picture.write(light.getvalue() + bytes(0), filter=Name.DCTDecode)
    before = picture.read_raw_bytes()

    assert reduce_images(document, SMALL) is False

    assert picture.read_raw_bytes() == before


def test_what_is_no_picture_is_not_looked_at():
    document = pikepdf.Pdf.new()
    document.Root.Thing = document.make_stream(bytes(300_000), Dictionary(Subtype=Name.Form))

    assert reduce_images(document, SMALL) is False


def test_tiff_whose_second_page_is_enormous_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "scan"
    path.write_bytes(samples.tiff_growing())
    monkeypatch.setattr(images, "MAX_PIXELS", 10_000)

    with pytest.raises(images.TooLarge):
        list(images.pages(path, "tiff", SMALL))
