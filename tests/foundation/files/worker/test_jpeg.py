"""A JPEG without what it tells beside its picture."""

import io

import pytest
from PIL import Image

from candide.foundation.files.worker.jpeg import without_metadata
from tests.factories import samples


def pixels(content):
    with Image.open(io.BytesIO(content)) as image:
        return image.tobytes()


def with_segment(content, marker, data):
    length = (len(data) + 2).to_bytes(2, "big")
    return content[:2] + bytes([0xFF, marker]) + length + data + content[2:]


@pytest.mark.parametrize(
    ("marker", "data", "stays"),
    [
        (0xE1, b"Exif\0\0secret", False),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0secret", False),
        (0xED, b"Photoshop 3.0\0secret", False),
        (0xFE, b"a comment, secret", False),
        (0xE0, b"JFXX\0secret thumbnail", False),
        (0xE2, b"MPF\0secret", False),
        (0xE2, b"ICC_PROFILE\0\1\1secret", True),
        (0xEE, b"Adobe\0d\0\0\0\0\0secret", True),
    ],
)
def test_segments_that_tell_something_go(marker, data, stays):
    content = with_segment(samples.image("JPEG"), marker, data)

    cleaned = without_metadata(content)

    assert (b"secret" in cleaned) is stays
    assert stays or cleaned == samples.image("JPEG")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True},
        {"quality": 100, "subsampling": 0},
        {"restart_marker_rows": 1},
    ],
)
def test_pixels_stay_whatever_the_encoding(options):
    picture = Image.effect_noise((300, 200), 80).convert("RGB")
    content = samples.image("JPEG", picture, **options)

    assert pixels(without_metadata(content)) == pixels(content)


def test_film_behind_a_moving_photo_goes():
    content = samples.image("JPEG") + b"\0\0\0\x18ftypmp42 a film"

    cleaned = without_metadata(content)

    assert cleaned == samples.image("JPEG")


def test_padding_between_segments_is_no_harm():
    content = samples.image("JPEG")
    padded = content[:2] + b"\xff\xff" + content[2:]

    assert pixels(without_metadata(padded)) == pixels(content)


def test_marker_that_stands_alone_stays():
    content = samples.image("JPEG")
    marked = content[:2] + b"\xff\x01" + content[2:]

    assert without_metadata(marked)[2:4] == b"\xff\x01"


def test_padding_before_a_marker_inside_the_picture_is_no_harm():
    content = samples.image("JPEG", quality=30)

    assert without_metadata(content[:-2] + b"\xff\xff\xd9")[-2:] == b"\xff\xd9"


def test_picture_without_end_gets_one():
    content = samples.image("JPEG")

    assert without_metadata(content[:-2]) == content


def test_what_is_no_segment_is_refused():
    with pytest.raises(ValueError, match="not a JPEG segment"):
        without_metadata(b"\xff\xd8 no segment")
