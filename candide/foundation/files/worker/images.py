"""Photos and scans to PDF pages: upright, without what they tell of place and device, no larger
than it takes to read them (about 220 dpi on A4), re-encoded only where one of these asks for it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import img2pdf
from PIL import Image, ImageFile, ImageOps, ImageSequence

from candide.foundation.files.worker.jpeg import without_metadata

Image.MAX_IMAGE_PIXELS = None  # measured below, before anything is decoded

MAX_PIXELS = 120_000_000
# A JPEG can be decoded at a fraction of its size, so the photos of large sensors are no danger.
MAX_JPEG_PIXELS = 250_000_000

A4 = (595.28, 841.89)
MARGIN = 15

ORIENTATION = 0x0112
# Orientations that a rotated page shows; the others are mirrored and must be drawn anew.
TURNS = {1: "0", 3: "180", 6: "90", 8: "270"}


@dataclass(frozen=True)
class Quality:
    """How large a page's picture may be: longest side, JPEG quality, bytes kept as they are."""

    long_side: int
    jpeg: int
    kept_bytes: int


FINE = Quality(long_side=2600, jpeg=82, kept_bytes=1_200_000)
SMALL = Quality(long_side=2340, jpeg=60, kept_bytes=150_000)  # 200 dpi on A4


class TooLarge(Exception):
    """The image has more pixels than any scan or photo: a bomb, or a poster."""


@dataclass
class Page:
    """A picture ready for its page, and how the page must be turned."""

    content: bytes
    turn: str = "0"


def open_image(path: Path, kind: str) -> Image.Image:
    """Open without decoding. Raises `TooLarge`, or what Pillow raises."""
    if kind == "heic":
        import pillow_heif  # noqa: PLC0415 -- only where there is such a photo

        pillow_heif.register_heif_opener(thumbnails=False)
    # Who draws pages (WeasyPrint) makes do with half a picture, in the whole process. We do not.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    formats = {"jpeg": ["JPEG", "MPO"], "heic": ["HEIF"]}.get(kind, [kind.upper()])
    image = Image.open(path, formats=formats)
    width, height = image.size
    if width * height > (MAX_JPEG_PIXELS if kind == "jpeg" else MAX_PIXELS):
        image.close()
        raise TooLarge
    return image


def frame_count(image: Image.Image, kind: str) -> int:
    """How many pages it makes: only a TIFF has several (a second JPEG frame is the same photo at
    another exposure, a second WebP frame is an animation)."""
    return getattr(image, "n_frames", 1) if kind == "tiff" else 1


def holds_metadata(image: Image.Image) -> bool:
    """Whether it tells more than its picture: place, device, texts."""
    tags = set(image.getexif()) - {ORIENTATION}
    told = {"xmp", "photoshop", "comment", "Comment", "Author", "XML:com.adobe.xmp"}
    # Of a TIFF the tags are its very structure; those above 0x8000 and make and model tell more.
    if image.format == "TIFF":
        tags &= {0x010F, 0x0110, 0x013B, 0x8769, 0x8825}
    return bool(tags or told.intersection(image.info))


def pages(path: Path, kind: str, quality: Quality) -> Iterator[bytes]:
    """Each frame as a PDF of one A4 page."""
    with open_image(path, kind) as image:
        if kind == "jpeg" and (page := _as_it_is(path, image, quality)):
            yield _pdf(page)
            return
        frames = ImageSequence.Iterator(image) if kind == "tiff" else [image]
        for frame in frames:
            width, height = frame.size
            if width * height > MAX_PIXELS and kind != "jpeg":
                raise TooLarge
            yield _pdf(Page(drawn(frame, kind, quality)))


def drawn(frame: Image.Image, kind: str, quality: Quality) -> bytes:
    """The frame drawn anew: upright, on white, within its size; PNG if it was without loss and
    stays small, else JPEG."""
    if frame.mode != "1":
        frame.thumbnail((quality.long_side, quality.long_side), reducing_gap=2.0)
    upright = _on_white(ImageOps.exif_transpose(frame))
    if kind in {"png", "tiff"}:
        png = io.BytesIO()
        _bare(upright).save(png, "PNG", optimize=upright.mode != "1")
        if png.tell() <= max(quality.kept_bytes, 300_000):
            return png.getvalue()
    jpeg = io.BytesIO()
    plain = upright if upright.mode in {"L", "RGB"} else upright.convert("RGB")
    _bare(plain).save(jpeg, "JPEG", quality=quality.jpeg, optimize=True)
    return jpeg.getvalue()


def _as_it_is(path: Path, image: Image.Image, quality: Quality) -> Page | None:
    """A JPEG that is small enough, without decoding it for its page; None if it must be drawn."""
    turn = TURNS.get(image.getexif().get(ORIENTATION, 1))
    if (
        turn is None
        or image.format != "JPEG"
        or image.mode not in {"L", "RGB", "CMYK"}
        or max(image.size) > quality.long_side
        or path.stat().st_size > quality.kept_bytes
    ):
        return None
    image.load()  # a damaged one raises here rather than showing half a diploma
    return Page(without_metadata(path.read_bytes()), turn)


def _on_white(image: Image.Image) -> Image.Image:
    """In a mode a PDF page can show, with white where it was transparent."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        above = image.convert("RGBA")
        white = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(white, above).convert("RGB")
    if image.mode in {"I", "I;16", "I;16B", "I;16L", "F"}:
        return _in_eight_bits(image)
    return image if image.mode in {"1", "L", "P", "RGB"} else image.convert("RGB")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits of grey in eight: Pillow would cut off instead of scaling."""
    wide = image.convert("F")
    _, highest = cast("tuple[float, float]", wide.getextrema())
    factor = 255 / (65535 if highest > 255 else 255)
    return wide.point(lambda value: value * factor + 0).convert("L")


def _bare(image: Image.Image) -> Image.Image:
    """Without the texts and profiles that saving would copy."""
    image.info = {}
    return image


def _layout(width: int, height: int, _dpi: tuple[float, float]) -> tuple[float, ...]:
    """A4 lying as the picture lies; the picture as large as fits, never larger than one point a
    pixel, so that a stamp does not fill the page."""
    across, down = A4 if width <= height else (A4[1], A4[0])
    scale = min((across - 2 * MARGIN) / width, (down - 2 * MARGIN) / height, 1.0)
    return across, down, width * scale, height * scale


def _pdf(page: Page) -> bytes:
    return img2pdf.convert(
        page.content,
        layout_fun=_layout,
        rotation=img2pdf.Rotation[page.turn],
        nodate=True,
        producer="",
    )
