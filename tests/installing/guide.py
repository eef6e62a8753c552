"""The commands of a document, in its order: what stands in its blocks of shell."""

import re
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.sources import ROOT

HEADING = re.compile(r"^#{1,3} (.+)$")
BLOCK = re.compile(r"^```(\w*)$")
BLANK = re.compile(r"<[a-z ]+>")

# Those of docs/install.md that install.
CHAPTERS = (
    "1. The machine",
    "2. The database",
    "3. The settings",
    "4. The certificate",
    "5. The services",
    "6. The backups",
    "7. The monitoring and the logs",
)


@dataclass(frozen=True)
class Block:
    """Lines of shell under a heading of a document."""

    heading: str
    text: str


def blocks(name: str) -> list[Block]:
    """Those of `docs/name.md`."""
    found, heading, lines = [], "", None
    for line in (ROOT / "docs" / f"{name}.md").read_text("utf-8").splitlines():
        fence = BLOCK.match(line)
        if lines is None and (title := HEADING.match(line)):
            heading = title[1]
        elif lines is None and fence:
            language, lines = fence[1], []
        elif lines is not None and fence:
            if language == "sh":
                found.append(Block(heading, "\n".join(lines)))
            lines = None
        elif lines is not None:
            lines.append(line)
    return found


def under(name: str, heading: str) -> list[Block]:
    """Those of one chapter."""
    return [block for block in blocks(name) if block.heading == heading]


def filled(text: str, **blanks: Path | str) -> str:
    """With what the reader puts in place of `<version>`."""
    for blank, value in blanks.items():
        text = text.replace(f"<{blank.replace('_', ' ')}>", str(value))
    return text
