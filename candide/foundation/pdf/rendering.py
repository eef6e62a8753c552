"""HTML of ours as an accessible PDF: tagged, titled, in its language (PDF/UA-1)."""

import mimetypes
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join

# Addresses in the HTML are read as those of a page of ours that has no server.
BASE_URL = "http://document.invalid/"


class NotOurs(ValueError):
    """The HTML names something that is neither a static file of ours nor data it brings along."""


def load_renderer() -> None:
    """Load what lays documents out. It takes a second and 40 MB, which most commands never need,
    and which no request should wait for: a server calls this before it answers the first one."""
    import weasyprint  # noqa: F401, PLC0415 -- as above


def render(
    html: str,
    *,
    title: str,
    language: str,
    author: str = "",
    created: datetime | None = None,
) -> bytes:
    """Lay out a whole HTML document. Nothing is fetched but our static files (`{% static %}`) and
    `data:` images. The same arguments give the same bytes."""
    from weasyprint import HTML  # noqa: PLC0415 -- as load_renderer says

    document = HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher()).render(
        pdf_variant="pdf/ua-1"
    )
    document.metadata.title = title
    document.metadata.lang = language
    document.metadata.authors = [author] if author else []
    document.metadata.generator = "Candide"
    moment = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if created else None
    document.metadata.created = document.metadata.modified = moment
    return document.write_pdf(pdf_variant="pdf/ua-1")


def _fetcher() -> Any:
    from weasyprint import urls  # noqa: PLC0415 -- as load_renderer says

    class OurFiles(urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> urls.URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = static_path(url)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    return OurFiles(allowed_protocols=["data"])


def static_path(url: str) -> Path:
    """The static file that `url` names, hashed or not. Raises `NotOurs`."""
    parts = urlsplit(url)
    prefix = urlsplit(settings.STATIC_URL).path
    path = unquote(parts.path)
    if f"{parts.scheme}://{parts.netloc}/" != BASE_URL or not path.startswith(prefix):
        raise NotOurs(url)
    name = path.removeprefix(prefix)
    try:
        collected = Path(safe_join(settings.STATIC_ROOT, name))
        found = collected if collected.is_file() else finders.find(name)
    except SuspiciousFileOperation:
        raise NotOurs(url) from None
    if found is None:
        raise NotOurs(url)
    return Path(found)
