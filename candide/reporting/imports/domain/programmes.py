"""Programmes and their openings, read back from the spreadsheet of their export
[back-office 7.1, 7.3]."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.admissions.decisions.domain.automatic import (
    automatic_blockers,
    capacity_warnings,
    fill_added_places,
    set_automatic_decisions,
    types_to_give,
)
from candide.admissions.decisions.domain.centre_defaults import first_decisions
from candide.admissions.decisions.models import IntakeDecisions
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.runs.models import Run
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.catalogue.domain.centre_defaults import new_intake
from candide.institution.catalogue.domain.dates import date_blockers, date_warnings
from candide.institution.catalogue.domain.offering import free_address
from candide.institution.catalogue.domain.organisation import programme_blockers
from candide.institution.catalogue.enums import CatalogueGrouping
from candide.institution.catalogue.models import (
    Campaign,
    Commission,
    Institution,
    Intake,
    Programme,
    ProgrammeKind,
)
from candide.institution.reference.models import DiplomaType
from candide.reporting.imports.domain.comparing import Pointer, apply, compare
from candide.reporting.imports.domain.line import Line, Plan, contradictions, moment_warnings, once
from candide.reporting.imports.domain.meaning import row_meant

PERMISSION = "catalogue.manage_programmes"
CODE, CAMPAIGN, CENTRE = "programme.code", "intake.campaign", "centre"
PROGRAMME, INTAKE, DECISIONS = "programme", "intake", "intakedecisions"
_LOCATING = {CODE, CAMPAIGN, CENTRE}
_GROUPING = {CatalogueGrouping.DIPLOMA: "diploma_type", CatalogueGrouping.KIND: "kind"}


def plan(run: Run, line: Line, labels: Mapping[str, str]) -> Plan:
    """What the line would do to a programme and to one of its openings."""
    found = Plan(name=line.cells.get(CODE, ""), beside=line.cells.get(CAMPAIGN, ""))
    programme = _plan_programme(run, line, labels, found)
    if programme is None:
        return found
    found.name = f"{programme.code} – {programme}"
    opening = _cells(line, INTAKE) | _cells(line, DECISIONS)
    if found.beside:
        _plan_intake(run, line, labels, found, programme)
    elif any(opening.values()):
        message = _("Column “%(column)s”: the code of the campaign is expected.")
        found.blockers.append(Blocker("campaign_missing", message % {"column": labels[CAMPAIGN]}))
    found.blockers += once(run.memory, f"{programme.code}|{found.beside}", line)
    found.warnings += moment_warnings(line, found.made)
    return found


def perform(run: Run, found: Plan, line: Line, now: datetime) -> None:
    """Make and change what the preview showed."""
    code = line.cells[CODE]
    programme = _locked(Programme.objects.select_related("commission__centre"), code=code)
    if programme is None and PROGRAMME not in found.made:
        raise Refused([Blocker("gone", _("There is no such programme any more."))])
    made = run.memory.setdefault("made", [])
    if programme is not None and PROGRAMME in found.made and code not in made:
        raise Refused([Blocker("made_meanwhile", _("Somebody made this meanwhile."))])
    if programme is None:
        made.append(code)
    _save_programme(programme or Programme(code=code), found, by=run.asked_by)
    if INTAKE in found.made or any(each.part != PROGRAMME for each in found.changes):
        programme = Programme.objects.select_related("commission__centre").get(code=code)
        _save_opening(programme, found, by=run.asked_by, now=now)


# -- The programme ---------------------------------------------------------------------------------


def _plan_programme(
    run: Run, line: Line, labels: Mapping[str, str], found: Plan
) -> Programme | None:
    """The programme as the line would have it, or None where the line is of no use."""
    code, user = line.cells.get(CODE, ""), run.asked_by
    if not code or len(code) > 50:
        message = _("Column “%(column)s”: a code of at most %(most)d characters is expected.")
        says = {"column": labels[CODE], "most": 50}
        found.blockers.append(Blocker("code_missing", message % says))
        return None
    rows = Programme.objects.select_related("commission__centre", "diploma_type", "kind")
    programme = rows.filter(code=code).first() or Programme(code=code)
    if programme.pk is None:
        found.made.append(PROGRAMME)
    elif not _may(user, programme):
        found.blockers.append(_not_allowed())
        return None
    pointers = {
        "commission": Pointer(
            lambda text: row_meant(_commissions(user), text), lambda row: row.code
        ),
        "diploma_type": Pointer(lambda text: row_meant(_active(DiplomaType), text), str),
        "kind": Pointer(lambda text: row_meant(_active(ProgrammeKind), text), str),
    }
    cells = _cells(line, PROGRAMME)
    compared = compare(programme, cells, labels, since=line.exported_at, pointers=pointers)
    found.add(compared)
    found.blockers += contradictions(run.memory, code, compared.changes, line)
    if compared.changes or programme.pk is None:
        found.blockers += [*_missing(programme, labels), *programme_blockers(programme)]
    found.blockers += _wrong_centre(programme, line, labels)
    return programme if programme.commission_id else None


def _missing(programme: Programme, labels: Mapping[str, str]) -> list[Blocker]:
    """What a programme cannot do without."""
    needed = {"name": "name.fr", "commission": "commission"}
    grouping = _GROUPING.get(Institution.current().catalogue_grouping)  # type: ignore[call-overload]
    if grouping:
        needed[grouping] = grouping
    message = _("Column “%(column)s”: this may not be empty.")
    return [
        Blocker("empty", message % {"column": labels.get(f"{PROGRAMME}.{key}", key)})
        for name, key in needed.items()
        if not (str(programme.name) if name == "name" else getattr(programme, f"{name}_id"))
    ]


def _wrong_centre(programme: Programme, line: Line, labels: Mapping[str, str]) -> list[Blocker]:
    said = line.cells.get(CENTRE, "")
    if not said or programme.commission_id is None or said == programme.commission.centre.code:
        return []
    message = _("Column “%(column)s”: the commission is of the centre “%(centre)s”.")
    says = {"column": labels[CENTRE], "centre": programme.commission.centre.code}
    return [Blocker("wrong_centre", message % says)]


def _save_programme(programme: Programme, found: Plan, *, by: Any) -> None:
    before = values_of(programme)
    if before and not _may(by, programme):
        raise Refused([_not_allowed()])
    refuse_if(apply(programme, found.changes))
    if not _may(by, programme):
        raise Refused([_not_allowed()])
    if not before:
        programme.slug = free_address(programme)
    if not before or values_of(programme) != before:
        programme.save()
        log_saved(programme, before=before, by=by)


# -- Its opening -----------------------------------------------------------------------------------


def _plan_intake(
    run: Run, line: Line, labels: Mapping[str, str], found: Plan, programme: Programme
) -> None:
    campaign = Campaign.objects.filter(code=found.beside).first()
    intake = _intake(programme, campaign)
    if campaign is None or (intake.pk is None and campaign.archived_at is not None):
        open_ones = Campaign.objects.filter(archived_at=None).order_by("-starts_on")
        codes = ", ".join(open_ones.values_list("code", flat=True))
        message = _("Column “%(column)s”: one of these campaigns is expected: %(codes)s.")
        says = {"column": labels[CAMPAIGN], "codes": codes}
        found.blockers.append(Blocker("campaign_unknown", message % says))
        return
    if intake.pk is None:
        found.made.append(INTAKE)
    capacity = intake.capacity
    since = line.exported_at
    compared = compare(intake, _cells(line, INTAKE), labels, since=since, pointers={})
    found.add(compared)
    given = _decisions(intake)
    pointer = Pointer(lambda text: row_meant(types_to_give(intake), text), lambda row: row.code)
    decided = compare(
        given,
        _cells(line, DECISIONS),
        labels,
        since=since,
        pointers={"favourable": pointer, "called": pointer},
    )
    found.add(decided)
    if compared.changes or decided.changes or intake.pk is None:
        found.blockers += date_blockers(intake)
        found.blockers += automatic_blockers(
            intake, favourable=given.favourable, called=_called(intake, given)
        )
        found.warnings += [*date_warnings(intake), *capacity_warnings(intake, before=capacity)]


def _save_opening(programme: Programme, found: Plan, *, by: Any, now: datetime) -> None:
    campaign = Campaign.objects.filter(code=found.beside).first()
    intakes = Intake.objects.select_related("campaign")
    intake = _locked(intakes, programme=programme, campaign=campaign)
    if campaign is None or (intake is None) != (INTAKE in found.made):
        raise Refused([Blocker("made_meanwhile", _("Somebody changed this meanwhile."))])
    intake = intake or _intake(programme, campaign)
    intake.programme = programme
    before, given = values_of(intake), _decisions(intake)
    refuse_if([*apply(intake, found.changes), *apply(given, found.changes)])
    refuse_if(date_blockers(intake))
    if values_of(intake) != before or not before:
        intake.save()
        log_saved(intake, before=before, by=by)
    called = _called(intake, given)
    set_automatic_decisions(intake=intake, favourable=given.favourable, called=called, by=by)
    fill_added_places(intake=intake, before=before.get("capacity"), now=now)


def _intake(programme: Programme, campaign: Campaign | None) -> Intake:
    """The opening there is, or a new one with what its centre gives."""
    found = None
    if programme.pk is not None:
        intakes = Intake.objects.select_related("campaign")
        found = intakes.filter(programme=programme, campaign=campaign).first()
    intake = found or new_intake(programme)
    intake.programme = programme
    if found is None and campaign is not None:
        intake.campaign = campaign
    return intake


def _decisions(intake: Intake) -> IntakeDecisions:
    """What the opening gives by itself, or begins with."""
    rows = IntakeDecisions.objects.select_related("favourable", "called")
    found = rows.filter(intake=intake).first() if intake.pk else None
    if found is not None:
        return found
    return first_decisions(intake.programme) if intake.pk is None else IntakeDecisions()


def _called(intake: Intake, given: IntakeDecisions) -> Any:
    return given.called if intake.has_automatic_reserve_list else None


# -- Rights and rows -------------------------------------------------------------------------------


def _cells(line: Line, part: str) -> dict[str, str]:
    return {
        key: text
        for key, text in line.cells.items()
        if key.startswith(f"{part}.") and key not in _LOCATING
    }


def _may(user: Any, programme: Programme) -> bool:
    return user is not None and user.has_perm(PERMISSION, programme)


def _not_allowed() -> Blocker:
    return Blocker("not_allowed", _("Your rights do not allow you to change this programme."))


def _commissions(user: Any) -> QuerySet[Commission]:
    """Where `user` may put a programme."""
    here = within(user, Capability.MANAGE_CATALOGUE, "", write=True)
    return Commission.objects.select_related("centre").filter(here, is_active=True)


def _active(model: Any) -> QuerySet:
    return model.objects.filter(is_active=True)


def _locked(rows: QuerySet, **which: Any) -> Any:
    return rows.select_for_update(of=("self",)).filter(**which).first()
