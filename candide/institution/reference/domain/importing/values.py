"""Reading one cell. Codes are text: a code that looks like a number whose zeros were dropped
condemns its file, because the other codes of the column can no longer be trusted."""

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

Convert = Callable[[str], Any]

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_YEAR = re.compile(r"(?:^|\D)(1[89]\d\d|20\d\d)(?:$|\D)")
_AS_NUMBER = re.compile(r"\d+[.,]0+|\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_YES = {"1", "true", "vrai", "o", "oui", "y", "yes", "t", "x"}
_NO = {"", "0", "false", "faux", "n", "non", "no", "f"}


class Unreadable(Exception):
    """A cell that cannot be read. `condemns` the file when it betrays a damaged column."""

    def __init__(self, message: str, *, condemns: str = "") -> None:
        self.message = message
        self.condemns = condemns
        super().__init__(message)


def clean(cell: str) -> str:
    """Without surrounding, doubled or unbreakable spaces."""
    return " ".join(cell.split())


def text(cell: str) -> str:
    return cell


def _lost_zero(cell: str) -> Unreadable:
    return Unreadable(
        _(
            "“%(value)s” seems to have lost its leading zeros; have the column written as text,"
            " not as numbers."
        )
        % {"value": cell},
        condemns="lost_zero",
    )


def _written_as_number(cell: str) -> Unreadable:
    return Unreadable(
        _("“%(value)s” is written as a number; have the column written as text.") % {"value": cell},
        condemns="written_as_number",
    )


def _wrong(cell: str, expected: str) -> Unreadable:
    return Unreadable(_("“%(value)s” is not %(expected)s.") % {"value": cell, "expected": expected})


def postcode(cell: str) -> str:
    if re.fullmatch(r"\d{5}", cell):
        return cell
    if re.fullmatch(r"\d{3,4}", cell):
        raise _lost_zero(cell)
    if _AS_NUMBER.fullmatch(cell):
        raise _written_as_number(cell)
    raise _wrong(cell, _("a postcode of five digits"))


def postcodes(cell: str) -> list[str]:
    """Several postcodes in one cell."""
    return [postcode(part) for part in cell.split()]


def insee(cell: str) -> str:
    """INSEE's code of a commune; Corsica's begin with 2A and 2B."""
    if re.fullmatch(r"\d{5}|2[ABab]\d{3}", cell):
        return cell.upper()
    if re.fullmatch(r"\d{4}", cell):
        raise _lost_zero(cell)
    if _AS_NUMBER.fullmatch(cell):
        raise _written_as_number(cell)
    raise _wrong(cell, _("an INSEE code of five characters"))


def department(cell: str) -> str:
    """ "01", also written "001" or "D001"; "2A", "02A"; "971"."""
    code = cell.upper().removeprefix("D")
    if re.fullmatch(r"0(\d\d|2[AB])", code):
        code = code[1:]
    if re.fullmatch(r"\d\d|2[AB]|9[78]\d", code):
        return code
    if re.fullmatch(r"\d", code):
        raise _lost_zero(cell)
    if _AS_NUMBER.fullmatch(cell):
        raise _written_as_number(cell)
    raise _wrong(cell, _("the code of a département"))


def uai(cell: str) -> str:
    """The code of an establishment; some official ones do not have seven digits and a letter."""
    code = cell.upper()
    if re.fullmatch(r"\d{3,6}[A-Z]", code):
        raise _lost_zero(cell)
    if re.fullmatch(r"[0-9A-Z]{8}", code):
        return code
    raise _wrong(cell, _("the UAI code of an establishment"))


def uai_is_doubtful(code: str) -> bool:
    """Whether the last letter is not the key of the seven digits."""
    number, key = code[:7], code[7:]
    return not number.isdigit() or UAI_LETTERS[int(number) % 23] != key


def cog(cell: str) -> str:
    """INSEE's code of a country."""
    if re.fullmatch(r"99\d{3}", cell):
        return cell
    if _AS_NUMBER.fullmatch(cell):
        raise _written_as_number(cell)
    raise _wrong(cell, _("INSEE's code of a country, five digits beginning with 99"))


def digits(width: int) -> Convert:
    """A code: of `width` digits when it has nothing but digits."""

    def convert(cell: str) -> str:
        if cell.isdigit() and len(cell) < width:
            raise _lost_zero(cell)
        if _AS_NUMBER.fullmatch(cell):
            raise _written_as_number(cell)
        return cell

    return convert


def year(cell: str) -> int | None:
    """The year of a date, however it is written; nothing when there is none."""
    if not cell:
        return None
    found = _YEAR.search(cell)
    if not found:
        raise _wrong(cell, _("a year"))
    return int(found[1])


def compact_date(cell: str) -> str:
    """A date as YYYYMMDD, from YYYY-MM-DD, YYYYMMDD or DD/MM/YYYY; "" when there is none."""
    if not cell:
        return ""
    if found := re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?", cell):
        return found[1] + found[2] + found[3]
    if found := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})(?: .*)?", cell):
        return found[3] + found[2] + found[1]
    raise _wrong(cell, _("a date"))


def number(cell: str) -> int:
    if not cell:
        return 0
    if not cell.isdigit():
        raise _wrong(cell, _("a whole number"))
    return int(cell)


def flag(cell: str) -> bool:
    """Yes or no, as several systems write it."""
    word = cell.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise _wrong(cell, _("yes or no (1 or 0)"))
