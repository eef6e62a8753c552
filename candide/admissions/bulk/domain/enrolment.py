"""Actions on what is settled for many enrolments: fees and exemptions, regime [annex 2]. What is
not filled in changes nothing; emptying is asked for by its name."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.domain.enrolment import (
    FEE_FIELDS,
    changed_fees,
    fees_blockers,
    fees_mark,
    fees_warnings,
    in_euros,
    regime_blockers,
    regime_mark,
    set_fees,
    set_regime,
)
from candide.admissions.bulk.domain.action import Action, Row, Values
from candide.core.blockers import Blocker
from candide.institution.reference.models import FeeExemption, StudyRegime

# -- Fees and exemptions -------------------------------------------------------------------------

NAMES = {
    "fee_amount": gettext_lazy("amount due"),
    "fee_exemption": gettext_lazy("exemption"),
    "exemption_note": gettext_lazy("complement"),
}


def _changes(row: Row) -> dict[str, Any]:
    """What was asked, as `set_fees` takes it."""
    values = row.values
    read: dict[str, Callable[[Any], Any]] = {
        "fee_amount": Decimal,
        "fee_exemption": lambda pk: FeeExemption.objects.get(pk=pk),
        "exemption_note": str,
    }
    filled = {name: read[name](values[name]) for name in FEE_FIELDS if values.get(name)}
    emptied = {name: "" if name == "exemption_note" else None for name in values.get("clear", [])}
    return filled | emptied


def _fees_say(row: Row) -> str:
    """Each change, from what to what."""
    application = row.application
    changed = changed_fees(application, _changes(row))
    says = _("%(what)s: %(before)s → %(after)s")
    return " · ".join(
        says
        % {
            "what": NAMES[name],
            "before": _words(getattr(application, name)),
            "after": _words(value),
        }
        for name, value in changed.items()
    )


def _words(value: Any) -> str:
    return in_euros(value) if isinstance(value, Decimal) else str(value or "–")


def _fees_check(values: Values, _today: date) -> list[Blocker]:
    filled = {name for name in FEE_FIELDS if values.get(name)}
    emptied = set(values.get("clear", []))
    if not filled | emptied:
        return [Blocker("nothing", _("Fill something in, or say what is to be emptied."))]
    if filled & emptied:
        return [Blocker("both", _("The same field is both filled in and emptied."))]
    return []


FEES = Action(
    code="droits",
    label=gettext_lazy("Enter fees and exemptions"),
    permission="applications.set_fees",
    says=_fees_say,
    blockers=lambda row: fees_blockers(row.application, _changes(row)),
    warnings=lambda row: fees_warnings(row.application, _changes(row)),
    is_needless=lambda row: not changed_fees(row.application, _changes(row)),
    act=lambda row, by: set_fees(row.application, _changes(row), by=by, seen=row.details["seen"]),
    details=lambda row: {"seen": fees_mark(row.application)},
    check=_fees_check,
    follows=gettext_lazy("Candidates see the amount in their space; no mail is sent."),
)


# -- The regime ----------------------------------------------------------------------------------


def _regime(row: Row) -> StudyRegime | None:
    pk = row.values.get("study_regime")
    return StudyRegime.objects.get(pk=pk) if pk else None


def _regime_says(row: Row) -> str:
    return f"{row.application.study_regime or '–'} → {_regime(row) or '–'}"


def _regime_check(values: Values, _today: date) -> list[Blocker]:
    if bool(values.get("study_regime")) == bool(values.get("clear")):
        return [Blocker("nothing", _("Choose a regime, or say that it is to be emptied."))]
    return []


REGIME = Action(
    code="regime",
    label=gettext_lazy("Enter the study regime"),
    permission="applications.set_regime",
    says=_regime_says,
    blockers=lambda row: regime_blockers(row.application, _regime(row)),
    is_needless=lambda row: row.application.study_regime == _regime(row),
    act=lambda row, by: set_regime(row.application, _regime(row), by=by, seen=row.details["seen"]),
    details=lambda row: {"seen": regime_mark(row.application)},
    check=_regime_check,
    follows=gettext_lazy("Only staff see it; no mail is sent."),
)
