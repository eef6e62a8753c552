"""Changing the dates and the service of many intakes at once: only what is filled in [7.4]."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.changes import log_saved, mark_of, values_of
from candide.institution.catalogue.domain.dates import date_blockers, date_warnings
from candide.institution.catalogue.models import Intake

# A day and a delay exclude one another: giving one takes the other away [5.1].
_INSTEAD = {
    "acceptance_due_on": "acceptance_days",
    "acceptance_days": "acceptance_due_on",
    "reserve_acceptance_due_on": "reserve_acceptance_days",
    "reserve_acceptance_days": "reserve_acceptance_due_on",
}


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PlannedChange:
    """What becomes of one intake. With a blocker it stays as it is."""

    intake: Intake
    changes: list[FieldChange]
    blockers: list[Blocker]
    warnings: list[Blocker]

    @property
    def is_done(self) -> bool:
        return bool(self.changes) and not self.blockers


def planned_changes(intakes: Iterable[Intake], values: dict[str, Any]) -> list[PlannedChange]:
    """What setting `values` would do to each of `intakes`, which come with their campaign. They
    are changed in memory."""
    return [_planned(intake, values) for intake in intakes]


def _planned(intake: Intake, values: dict[str, Any]) -> PlannedChange:
    wanted = {_INSTEAD[name]: None for name in values if name in _INSTEAD} | values
    changes = []
    for name, after in wanted.items():
        before = getattr(intake, name)
        if before != after:
            label = capfirst(str(Intake._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            changes.append(FieldChange(label, before, after))
            setattr(intake, name, after)
    return PlannedChange(intake, changes, date_blockers(intake), date_warnings(intake))


def mark_of_rows(intakes: Iterable[Intake]) -> str:
    """What a preview sends back: another mark means that a row changed since."""
    text = " ".join(f"{intake.pk}:{mark_of(intake)}" for intake in intakes)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def change_intakes(
    keys: Iterable[int], values: dict[str, Any], *, seen: str, by: Any
) -> list[PlannedChange]:
    """Set `values` on the intakes `keys` as they were previewed (`seen`), all in one go. Those
    whose dates would contradict one another stay as they are. Returns what was done."""
    rows = Intake.objects.select_for_update(of=("self",)).select_related("campaign")
    intakes = list(rows.filter(pk__in=keys).order_by("pk"))
    if mark_of_rows(intakes) != seen:
        raise Refused([_changed_meanwhile()])
    befores = {intake.pk: values_of(intake) for intake in intakes}
    done = [each for each in planned_changes(intakes, values) if each.is_done]
    for each in done:
        each.intake.save()
        log_saved(each.intake, before=befores[each.intake.pk], by=by)
    return done


def _changed_meanwhile() -> Blocker:
    return Blocker(
        "changed_meanwhile",
        _("Somebody changed one of them meanwhile: look at the preview again."),
    )
