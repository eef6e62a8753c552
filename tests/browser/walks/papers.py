"""Reading the PDFs a walk downloads."""

from pathlib import Path

import pypdfium2
from playwright.sync_api import Page


def downloaded(page: Page, name: str) -> Path:
    """What the link or button `name` downloads."""
    with page.expect_download() as found:
        page.get_by_role("link", name=name, exact=True).first.click()
    return Path(found.value.path())


def text_of(path: Path) -> str:
    return "\n".join(_pages(path))


def last_page_of(path: Path) -> str:
    return _pages(path)[-1]


def _pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]
