"""What the values of eCandidat's columns mean, and what is wrong with them in databases that have
lived: zero dates, UTF-8 read as Latin-1 and stored so, flags of one bit, addresses with spaces."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_FOREIGN = re.compile("[^\x00-\x7f]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text(value: Any) -> str:
    """A text, mended where it was encoded twice, without control characters or space around it."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return _CONTROLS.sub("", mended(str(value))).replace("\r\n", "\n").strip()


def mended(value: str) -> str:
    """`value` as it was before its UTF-8 was taken for Latin-1 (« Ã© » for « é »), once or more."""
    for _time in range(3):
        better = _FOREIGN.sub(_decoded, value)
        if better == value:
            break
        value = better
    return value


def _decoded(found: re.Match[str]) -> str:
    """Some letters with accents, unless they are the bytes of others."""
    try:
        return b"".join(_byte(character) for character in found[0]).decode("utf-8")
    except UnicodeError:
        return found[0]


def _byte(character: str) -> bytes:
    """The byte MySQL's « latin1 » has for it: Windows-1252's, whose gaps are bytes as well."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def flag(value: Any, *, default: bool = False) -> bool:
    """A column of one bit, or « O », « N »."""
    if value is None:
        return default
    if isinstance(value, bytes):
        return any(value)
    if isinstance(value, str):
        return value.strip().upper() in {"O", "OUI", "1", "TRUE"}
    return bool(value)


def number(value: Any) -> int | None:
    """A whole number, also where it stands in a text; None where there is none."""
    try:
        return int(str(value).strip())
    except ValueError:
        return None


def day(value: Any) -> date | None:
    """A day; None for a zero date, which the driver gives as text, and for years no one means."""
    if isinstance(value, datetime):
        value = value.date()
    return value if isinstance(value, date) and 1900 <= value.year <= 2200 else None


def moment(value: Any) -> datetime | None:
    """A moment without time zone, as the server of eCandidat wrote it."""
    return value if isinstance(value, datetime) and 1900 <= value.year <= 2200 else None


def hour(value: Any) -> time | None:
    """An hour, which the driver gives as the time passed since midnight."""
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return time(seconds // 3600, seconds // 60 % 60) if 0 <= seconds < 86400 else None
    return value if isinstance(value, time) else None


def email(value: Any) -> str:
    """An address in lower case, as they are compared."""
    return text(value).replace(" ", "").lower()
