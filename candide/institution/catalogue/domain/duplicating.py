"""Duplicating: a programme, or the intakes of a campaign into another with their dates shifted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import CASCADE, Model
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.changes import log_saved
from candide.institution.catalogue.domain.dates import date_warnings
from candide.institution.catalogue.domain.offering import free_address
from candide.institution.catalogue.enums import CopyOutcome
from candide.institution.catalogue.models import Campaign, Intake, Programme
from candide.institution.catalogue.models.programme import NOT_BEFORE

_DAYS = ("opens_on", *NOT_BEFORE, "shortlist_on")
_WEEK = 7

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class PlannedIntake:
    """What becomes of one intake: `intake` is the one to be made, not saved, or the one that is
    there already."""

    source: Intake
    intake: Intake
    outcome: CopyOutcome
    warnings: list[Blocker]


# -- A campaign into another ----------------------------------------------------------------------


def usual_shift(source: Campaign, into: Campaign) -> int:
    """The days between the beginnings of two campaigns, in whole weeks: a Monday stays one."""
    days = (into.starts_on - source.starts_on).days
    return round(days / _WEEK) * _WEEK


def duplicating_blockers(*, source: Campaign, into: Campaign) -> list[Blocker]:
    """Why the intakes of `source` may not be made again in `into`."""
    found = []
    if source == into:
        found.append(Blocker("same_campaign", _("Choose two different campaigns."), "field:into"))
    if into.archived_at is not None:
        found.append(Blocker("archived", _("This campaign is archived."), "field:into"))
    return found


def planned_intakes(intakes: Iterable[Intake], *, into: Campaign, days: int) -> list[PlannedIntake]:
    """What duplicating `intakes` would make in `into`. They come with their campaign and
    everything above."""
    intakes = list(intakes)
    programmes = {intake.programme_id for intake in intakes}
    there = {
        each.programme_id: each
        for each in Intake.objects.filter(campaign=into, programme__in=programmes)
    }
    return [_planned(each, there.get(each.programme_id), into, days) for each in intakes]


def _planned(source: Intake, there: Intake | None, into: Campaign, days: int) -> PlannedIntake:
    if there is not None:
        return PlannedIntake(source, there, CopyOutcome.EXISTS, [])
    copy = shifted(source, into=into, days=days)
    commission = source.programme.commission
    above = (source, source.programme, commission, commission.centre)
    if not all(each.is_active for each in above):
        return PlannedIntake(source, copy, CopyOutcome.LEFT, [])
    return PlannedIntake(source, copy, CopyOutcome.MADE, date_warnings(copy))


def shifted(source: Intake, *, into: Campaign, days: int) -> Intake:
    """`source` again, not saved: in `into`, every day later by `days`."""
    copy = _copied(source)
    copy.campaign = into
    for name in _DAYS:
        if day := getattr(source, name):
            setattr(copy, name, day + timedelta(days=days))
    return copy


@transaction.atomic
def duplicate_intakes(
    intakes: Iterable[Intake], *, source: Campaign, into: Campaign, days: int, by: Any
) -> list[Intake]:
    """Make the intakes that can be made, with what belongs to each; what is there already stays
    as it is. Doing it twice makes nothing the second time."""
    into = Campaign.objects.select_for_update().get(pk=into.pk)
    refuse_if(duplicating_blockers(source=source, into=into))
    made = []
    for planned in planned_intakes(intakes, into=into, days=days):
        if planned.outcome == CopyOutcome.MADE:
            planned.intake.save()
            _copy_belongings(planned.source, planned.intake, by=by)
            log_saved(planned.intake, before={}, by=by)
            made.append(planned.intake)
    return made


# -- A programme ----------------------------------------------------------------------------------


def duplicate_programme_blockers(*, code: str) -> list[Blocker]:
    """Why a programme may not be duplicated under `code`."""
    if Programme.objects.filter(code=code).exists():
        return [Blocker("code_taken", _("Another programme has this code."), "field:code")]
    return []


@transaction.atomic
def duplicate_programme(
    programme: Programme, *, code: str, name: Any, campaign: Campaign | None, by: Any
) -> Programme:
    """A programme like `programme`, asked the same, with its intake in `campaign` if it has one.
    It is out of service until somebody has looked at it."""
    refuse_if(duplicate_programme_blockers(code=code))
    copy = _copied(programme)
    copy.code, copy.name, copy.is_active = code, name, False
    copy.slug = free_address(copy)
    copy.save()
    _copy_links(programme, copy)
    log_saved(copy, before={}, by=by)
    for intake in programme.intakes.filter(campaign=campaign):
        again = _copied(intake)
        again.programme = copy
        again.save()
        _copy_belongings(intake, again, by=by)
        log_saved(again, before={}, by=by)
    return copy


# -- What hangs on a row, whatever room it is of --------------------------------------------------


def _copied(row: Row) -> Row:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**values)


def _copy_belongings(row: Model, copy: Model, *, by: Any) -> None:
    """What belongs to `row` alone (one to one, deleted with it) is made again for `copy`."""
    for relation in row._meta.related_objects:
        if not relation.one_to_one or getattr(relation, "on_delete", None) is not CASCADE:
            continue
        rows = relation.related_model._base_manager
        for belonging in rows.filter(**{relation.field.name: row.pk}):  # type: ignore[union-attr]
            again = _copied(belonging)
            setattr(again, relation.field.name, copy)  # type: ignore[union-attr]
            again.save()
            log_saved(again, before={}, by=by)


def _copy_links(row: Model, copy: Model) -> None:
    """What `row` is linked to from above (documents, questions) is linked to `copy` too."""
    for relation in row._meta.related_objects:
        if relation.many_to_many and not relation.hidden:
            name = relation.get_accessor_name() or ""
            getattr(copy, name).set(getattr(row, name).all())
