"""Pictures of pages, for the viewer and for small screens."""

import io
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

MAX_PIXELS = 12_000_000
# Above this a picture without loss is worth less than a quick page.
MAX_PNG = 250_000


def picture(request: dict[str, Any]) -> dict[str, Any]:
    """Draw page `page` (from 1) of the PDF at `path`, `width` pixels wide, into `out`."""
    document = pypdfium2.PdfDocument(request["path"])
    document.init_forms()  # so that what was filled in is drawn too
    if not 1 <= request["page"] <= len(document):
        return {"pages": len(document), "media_type": ""}
    page = document[request["page"] - 1]
    width, height = page.get_size()
    scale = (request["width"] - 0.5) / width  # pdfium rounds up
    if width * height * scale * scale > MAX_PIXELS:
        scale = (MAX_PIXELS / (width * height)) ** 0.5
    image = page.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
    content, media_type = _encoded(image)
    Path(request["out"]).write_bytes(content)
    return {"pages": len(document), "media_type": media_type}


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    png = io.BytesIO()
    image.save(png, "PNG")
    if png.tell() <= MAX_PNG:
        return png.getvalue(), "image/png"
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=80)
    return jpeg.getvalue(), "image/jpeg"
