"""What a cell means for a field, and what is expected where it means nothing."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    DateField,
    Field,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    QuerySet,
    TimeField,
)
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from candide.core.spreadsheet import languages
from candide.core.text import fold, whole_number

_YES, _NO = {"oui", "yes", "true", "vrai", "1", "x"}, {"non", "no", "false", "faux", "0"}

_FIRST_YEAR = 1900


class Misread(Exception):
    """The cell means nothing; the message says what is expected."""


def meaning_of(field: Field, text: str) -> Any:
    """The JSON value `text` stands for in `field`, which points to nothing; None for nothing."""
    if field.choices:
        return _choice(field, text)
    for kind, read in _READERS.items():
        if isinstance(field, kind):
            return read(text)
    return text


def row_meant(rows: QuerySet, text: str) -> Any:
    """The one of `rows` whose code or whose name `text` is."""
    found = rows.filter(code=text).first()
    if found is not None:
        return found
    named = [row for row in rows.order_by("code") if fold(str(row)) == fold(text)]
    if len(named) == 1:
        return named[0]
    codes = [row.code for row in named] or list(
        rows.order_by("code").values_list("code", flat=True)
    )
    if not codes:
        raise Misread(_("There is nothing to choose here."))
    shown = ", ".join(codes[:20]) + (", …" if len(codes) > 20 else "")
    raise Misread(_("One of these codes is expected: %(codes)s.") % {"codes": shown})


def _flag(text: str) -> bool:
    word = fold(text)
    if word in _YES | _NO:
        return word in _YES
    raise Misread(_("“Yes” or “No” is expected."))


def _day(text: str) -> str | None:
    if not text:
        return None
    try:
        day = parse_date(text)
        if day is None:
            number, month, year = (int(part) for part in text.split("/"))
            day = date(year, month, number)
        if day.year < _FIRST_YEAR:
            raise ValueError
    except ValueError:
        raise Misread(_("A day is expected, as 31/03/2027.")) from None
    return day.isoformat()


def _hour(text: str) -> str | None:
    if not text:
        return None
    try:
        hour, _colon, minute = text.replace("h", ":").partition(":")
        return time(int(hour), int(minute[:2] or 0)).isoformat()
    except ValueError:
        raise Misread(_("An hour is expected, as 14:30.")) from None


def _number(text: str) -> int | None:
    if not text:
        return None
    number = whole_number(text)
    if number is None or number > 32767:
        raise Misread(_("A whole number is expected, from 0 to 32767."))
    return number


def _choice(field: Field, text: str) -> Any:
    """The value of the choice that is called so in any of our languages."""
    wanted = fold(text)
    for language in languages():
        with override(language):
            for value, label in field.flatchoices:
                if wanted in {fold(str(label)), fold(str(value))}:
                    return value
    labels = ", ".join(str(label) for _value, label in field.flatchoices)
    raise Misread(_("One of these is expected: %(choices)s.") % {"choices": labels})


_READERS: dict[type[Field], Callable[[str], Any]] = {
    BooleanField: _flag,
    DateField: _day,
    TimeField: _hour,
    PositiveSmallIntegerField: _number,
    PositiveIntegerField: _number,
}


def error_of(field: Field, value: Any, row: Model) -> str:
    """What the field itself says against `value` of `row`; empty for nothing."""
    try:
        field.clean(value, row)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
