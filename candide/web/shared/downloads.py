"""The only way a stored file leaves over HTTP: after the view asked the permission of the object
that owns it, never from a public folder, and so that no browser takes it for anything else."""

import re
from collections.abc import Callable, Iterator
from functools import partial

from django.conf import settings
from django.core.files import File
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from candide.core.blockers import Refused
from candide.foundation.files.domain.blobs import (
    open_file,
    open_original,
    path_for_nginx,
    serving_blockers,
)
from candide.foundation.files.domain.pictures import page_image
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.web.shared.errors import file_unavailable

# What a browser may show in its page; everything else is only ever downloaded.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
# A browser's PDF viewer is a page of its own and would not run in a sandbox.
POLICY = "default-src 'none'; frame-ancestors 'self'"
SANDBOXED = f"{POLICY}; sandbox"
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_CHUNK = 64 * 1024


def serve(
    request: HttpRequest, stored_file: StoredFile, *, as_attachment: bool, filename: str = ""
) -> HttpResponseBase:
    """The working copy, to be saved (`as_attachment`) or shown. `filename` is what it is saved
    as, instead of its own name. The caller has asked who may."""
    refused = serving_blockers(stored_file)
    if refused:
        return file_unavailable(request, refused)
    return _guarded(
        _content(request, stored_file, partial(open_file, stored_file)),
        media_type=stored_file.media_type,
        filename=filename or stored_file.name,
        as_attachment=as_attachment,
    )


def serve_original(request: HttpRequest, original: OriginalFile) -> HttpResponseBase:
    """What was uploaded, byte for byte, with whatever is in it: only ever to be saved."""
    refused = serving_blockers(original.stored_file)
    if refused:
        return file_unavailable(request, refused)
    return _guarded(
        _content(request, original, partial(open_original, original)),
        media_type=original.media_type,
        filename=original.name,
        as_attachment=True,
    )


def serve_content(
    request: HttpRequest, content: bytes, *, media_type: str, filename: str, as_attachment: bool
) -> HttpResponseBase:
    """A document made for this request, guarded as stored files are."""
    return _guarded(
        HttpResponse(content), media_type=media_type, filename=filename, as_attachment=as_attachment
    )


def serve_page(
    request: HttpRequest, stored_file: StoredFile, *, page: int, width: int
) -> HttpResponseBase:
    """A picture of one page, for the viewer and for small screens."""
    try:
        picture = page_image(stored_file, page=page, width=width)
    except Refused as refusal:
        return file_unavailable(request, refusal.blockers)
    return _guarded(
        HttpResponse(picture.content),
        media_type=picture.media_type,
        filename=f"page-{page}",
        as_attachment=False,
    )


def _guarded(
    response: HttpResponseBase, *, media_type: str, filename: str, as_attachment: bool
) -> HttpResponseBase:
    is_shown = not as_attachment and media_type in SHOWN
    policy = POLICY if media_type == "application/pdf" else SANDBOXED
    response["Content-Type"] = media_type
    response["Content-Disposition"] = content_disposition_header(not is_shown, filename) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _content(
    request: HttpRequest, kept: StoredFile | OriginalFile, opened: Callable[[], File]
) -> HttpResponseBase:
    if settings.ACCEL_REDIRECT:
        address = f"{settings.ACCEL_REDIRECT.rstrip('/')}/{path_for_nginx(kept.blob)}"
        return HttpResponse(headers={"X-Accel-Redirect": address})
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found and any(found.groups()):
        return _part(opened, kept.size, *found.groups())
    response = FileResponse(opened())
    response["Content-Length"] = kept.size
    response["Accept-Ranges"] = "bytes"
    return response


def _part(opened: Callable[[], File], size: int, first: str, last: str) -> HttpResponseBase:
    """The bytes that were asked for: viewers read the pages of a long document as one turns to
    them. `-500` means the last five hundred."""
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = FileResponse(_bytes(opened, start, end - start + 1), status=206)
    response["Content-Length"] = end - start + 1
    response["Content-Range"] = f"bytes {start}-{end}/{size}"
    response["Accept-Ranges"] = "bytes"
    return response


def _bytes(opened: Callable[[], File], start: int, count: int) -> Iterator[bytes]:
    with opened() as content:
        content.seek(start)
        while count and (chunk := content.read(min(_CHUNK, count))):
            count -= len(chunk)
            yield chunk
