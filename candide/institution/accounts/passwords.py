"""The password rule [ACC-06]; it stands beside `models` because the settings name it."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

MIN_LENGTH = 10
SPECIAL = "@#$%^&+=-!*"


@dataclass(frozen=True)
class Demand:
    """One thing a password must have; `code` also names it on the page that shows the rule."""

    code: str
    words: Any


DEMANDS = [
    Demand("length", _("at least 10 characters")),
    Demand("digit", _("a digit")),
    Demand("lower", _("a lower-case letter")),
    Demand("upper", _("a capital letter")),
    Demand("special", format_lazy("{} {}", _("a character among"), " ".join(SPECIAL))),
    Demand("space", _("no space")),
]


def missing_from(password: str) -> list[Demand]:
    """Which demands `password` does not meet."""
    met = {
        "length": len(password) >= MIN_LENGTH,
        "digit": any(c in "0123456789" for c in password),
        "lower": any(c.islower() for c in password),
        "upper": any(c.isupper() for c in password),
        "special": any(c in SPECIAL for c in password),
        "space": not any(c.isspace() for c in password),
    }
    return [demand for demand in DEMANDS if not met[demand.code]]


class PasswordRule:
    """ACC-06 as a validator that names everything that is missing at once."""

    def validate(self, password: str, user: Any = None) -> None:
        missing = missing_from(password)
        if missing:
            raise ValidationError(
                _("This password still needs: %(missing)s."),
                code="password_rule",
                params={"missing": ", ".join(str(demand.words) for demand in missing)},
            )

    def get_help_text(self) -> str:
        return str(
            _("It needs: %(demands)s.") % {"demands": ", ".join(str(d.words) for d in DEMANDS)}
        )
