"""The national student number (« INE », « numéro BEA ») and its key [FILE-INE-02…04].

Eleven characters, the key included. What schools, universities and the national register issue is
told apart by shape; each key is computed from the characters before it. What a wrong key does is
a setting per kind of number; an INE that cannot be mended can always be emptied to go on.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from candide.admissions.candidates.enums import IneFormat
from candide.core.blockers import Blocker
from candide.institution.catalogue.enums import CheckMode
from candide.institution.catalogue.models import Institution

LENGTH = 11
BEA_KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # no I, O, Q: they look like 1 and 0
RNIE_DIGITS = "ABCDEFGHJK"  # the letters of a key stand for the digits 0 to 9, I left out
EXAMPLES = ("1856816120S", "1234567890V", "123456789FJ", "223456789HE")

_SHAPES = (
    (IneFormat.RNIE, re.compile(r"[0-9]{9}[A-Z]{2}")),
    (IneFormat.BEA, re.compile(r"[0-9]{10}[A-Z]")),
    (IneFormat.SIFA, re.compile(r"[0-9]{4}A[0-9]{5}[A-Z]")),
    (IneFormat.PROVISIONAL, re.compile(r"[0-9]{4}D[0-9]{5}[A-Z]")),
    (IneFormat.BASE36, re.compile(r"(?=.{0,9}[0-9])[0-9A-Z]{10}[0-9]")),
)
_MODES = {
    IneFormat.RNIE: "rnie_check",
    IneFormat.BEA: "bea_check",
    IneFormat.SIFA: "bea_check",
    IneFormat.PROVISIONAL: "bea_check",
    IneFormat.BASE36: "base36_check",
}
_LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class IneCheck:
    """What is to be said of a typed INE. `value` is how it would be stored."""

    value: str
    format: IneFormat | None = None
    blockers: list[Blocker] = field(default_factory=list)
    warnings: list[Blocker] = field(default_factory=list)


def normalise(text: str) -> str:
    """`text` in capitals without spaces, dots and dashes: people copy it as it is printed."""
    return re.sub(r"[\s.\-‐-―_]", "", unicodedata.normalize("NFKC", text)).upper()


def check_ine(text: str, *, institution: Institution) -> IneCheck:
    """Recognise `text` and check its key, as strictly as the institution wants. An empty one is
    fine: an INE is never mandatory where it is typed [FILE-INE-07]."""
    value = normalise(text)
    if not value:
        return IneCheck("")
    kind = recognise(value)
    if kind is None:
        return IneCheck(value, blockers=[_not_recognised(value)])
    if _mode(kind, institution) != CheckMode.OFF and _is_repeated(value, kind):
        return IneCheck(value, kind, blockers=[_repeated()])
    if has_right_key(value, kind):
        return IneCheck(value, kind)
    meant = _with_digits(value)
    mode = _mode(recognise(meant) or kind, institution)
    remark = _confused(meant) if meant else _wrong_key(kind)
    return IneCheck(
        value,
        kind,
        blockers=[remark] if mode == CheckMode.REFUSE else [],
        warnings=[remark] if mode == CheckMode.WARN else [],
    )


def _mode(kind: IneFormat, institution: Institution) -> str:
    return getattr(institution, _MODES[kind])


def recognise(value: str) -> IneFormat | None:
    """Which kind of number `value` (normalised) looks like, whatever its key."""
    return next((kind for kind, shape in _SHAPES if shape.fullmatch(value)), None)


def has_right_key(value: str, kind: IneFormat) -> bool:
    if kind == IneFormat.RNIE:
        return value[9:] == rnie_key(value[:9])
    if kind == IneFormat.BASE36:
        return value[10] == base36_key(value[:10])
    return value[10] == bea_key(value[:10])


def without_key(value: str) -> str:
    """The number before its key, as student systems keep it; empty stays empty."""
    return value[:-2] if recognise(value) == IneFormat.RNIE else value[:-1]


def bea_key(number: str) -> str:
    """The letter after the ten characters a school district gave. An apprentice's or provisional
    number has a letter among them, which counts as its place among the keys."""
    digits = "".join(
        character if character.isdigit() else str(BEA_KEYS.index(character)) for character in number
    )
    return BEA_KEYS[int(digits) % len(BEA_KEYS)]


def base36_key(number: str) -> str:
    """The digit after the ten characters a university gave."""
    values = [int(character, 36) for character in number]
    return str((6 * sum(values[:9]) + values[9]) % 10)


def rnie_key(number: str) -> str:
    """The two letters after the nine digits of the national register, since 2018."""
    remainder = 97 - int(number) % 97
    return "".join(RNIE_DIGITS[int(digit)] for digit in f"{remainder:02}")


# -- What is wrong, in words -----------------------------------------------------------------------
def _is_repeated(value: str, kind: IneFormat) -> bool:
    number = value[:9] if kind == IneFormat.RNIE else value[:10]
    return len(set(number)) == 1


def _repeated() -> Blocker:
    return Blocker(
        "ine_repeated",
        _("An INE is never the same character all along: copy it from your transcript."),
        "field:ine",
    )


def _wrong_key(kind: IneFormat) -> Blocker:
    if kind == IneFormat.RNIE:
        message = _(
            "The INE is incorrect: the two letters at the end (the key) do not go with the nine "
            "digits before them. One of the eleven characters is wrong."
        )
    elif kind == IneFormat.BASE36:
        message = _(
            "The INE is incorrect: the digit at the end (the key) does not go with the ten "
            "characters before it. One of them is wrong; the letter O and the digit 0 are easily "
            "confused."
        )
    else:
        message = _(
            "The INE is incorrect: the letter at the end (the key) does not go with the ten "
            "characters before it. One of the eleven is wrong."
        )
    return Blocker("ine_key", message, "field:ine")


def _not_recognised(value: str) -> Blocker:
    if not re.fullmatch(r"[0-9A-Z]*", value):
        message = _("An INE has only digits and letters without accents.")
        return Blocker("ine_characters", message, "field:ine")
    if len(value) != LENGTH:
        message = _(
            "An INE has 11 characters, its key included: you typed %(count)d. The key is the "
            "letter, the two letters or the digit at the end."
        ) % {"count": len(value)}
        return Blocker("ine_length", message, "field:ine")
    if suggestion := _with_digits(value):
        return _confused(suggestion)
    message = _(
        "This is not an INE: it has ten digits and a letter, nine digits and two letters, or, if a "
        "university gave it, ten characters and a digit."
    )
    return Blocker("ine_shape", message, "field:ine")


def _with_digits(value: str) -> str:
    """The valid INE that `value` becomes when letters that look like digits are read as digits,
    in the number and not in its key; empty if there is none. Numbers of universities hold letters
    and their key is weak, so nothing is guessed for them."""
    for length in (10, 9):
        read = value[:length].translate(_LOOKALIKES) + value[length:]
        kind = recognise(read)
        if read != value and kind not in {None, IneFormat.BASE36} and has_right_key(read, kind):
            return read
    return ""


def _confused(suggestion: str) -> Blocker:
    message = _(
        "You seem to have typed a letter where a digit is meant: the letter O for 0 (zero), or the "
        "letter I for 1. Is it %(ine)s?"
    ) % {"ine": suggestion}
    return Blocker("ine_confused", message, "field:ine")
