"""Telephone numbers of every country; those of French territories overseas are recognised as they
are dialled at home [FILE-PER]."""

import re

import phonenumbers
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker

# Typed without a country code, these beginnings are of territories with a code of their own. They
# are tried before France, where some of them would look valid too.
OVERSEAS = {
    "GP": ("0590", "0690", "0691"),
    "MQ": ("0596", "0696", "0697"),
    "GF": ("0594", "0694"),
    "RE": ("0262", "0263", "0692", "0693"),
    "YT": ("0269", "0639"),
}
# Saint-Pierre-et-Miquelon: what is dialled as 0508 41 00 00 is +508 41 00 00.
MIQUELON = "0508"
# Numbers the regulator keeps for films and examples; no library knows them as valid.
FICTITIOUS = "+3363998"
_TYPED = re.compile(r"[0-9/+()\-.\s\u00a0\u202f]+")


def parse_phone(text: str) -> str | None:
    """`text` as an international number ("+33612345678"); empty for nothing, None if it is no
    telephone number.

    >>> parse_phone("06 12 34 56 78"), parse_phone("0692 12 34 56")
    ('+33612345678', '+262692123456')
    """
    typed = text.strip().replace("/", " ")
    if not typed:
        return ""
    if not _TYPED.fullmatch(typed):
        return None
    digits = re.sub(r"\D", "", typed)
    if "+" not in typed and digits.startswith(MIQUELON):
        return _valid(f"+508{digits[len(MIQUELON) :]}", ["PM"])
    regions = (
        [] if "+" in typed else [code for code, begin in OVERSEAS.items() if digits[:4] in begin]
    )
    return _valid(typed, [*regions, "FR"])


def shown_phone(number: str) -> str:
    """A kept number as people read it: « +33 6 12 34 56 78 »."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_blockers(field: str, text: str) -> list[Blocker]:
    if parse_phone(text) is not None:
        return []
    message = _(
        "This is not a telephone number. Write it as you dial it, as 06 12 34 56 78; for a number "
        "abroad begin with + and the country code, as +212 6 12 34 56 78."
    )
    return [Blocker("phone", message, f"field:{field}")]


def _valid(typed: str, regions: list[str]) -> str | None:
    for region in regions:
        try:
            parsed = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            return None
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(parsed) or number.startswith(FICTITIOUS):
            return number
    return None
