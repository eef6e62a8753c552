"""Moving a last day on for many at once (« prolonger un délai »), as after an outage: for the whole
institution, a centre, a commission or a programme. Every opening is looked at first; then its days
are changed, offers get as many days more, and the candidates concerned are told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.enums import EDITABLE_STATUSES, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.bulk.enums import Deadline
from candide.admissions.bulk.mails import DeadlineExtended
from candide.admissions.decisions.domain.answering import (
    answer_day_blockers,
    extend_acceptance_due,
)
from candide.admissions.decisions.domain.outcomes import POLICIES
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.runs.domain.asking import examine_at_once
from candide.foundation.runs.models import Run, RunItem
from candide.foundation.runs.registry import Finding, Kind
from candide.institution.catalogue.domain.dates import date_blockers, date_warnings
from candide.institution.catalogue.models import Intake

KIND = "deadlines"
PERMISSION = "catalogue.manage_programmes"
MOST_DAYS = 60
FIELDS: dict[str, tuple[str, ...]] = {
    Deadline.APPLICATIONS: ("closes_on",),
    Deadline.DOSSIERS: ("documents_due_on",),
    Deadline.ANSWERS: ("acceptance_due_on", "reserve_acceptance_due_on"),
}


@dataclass(frozen=True)
class Extension:
    """Which last days that fall between `first` and `last` are moved on by `days`, and whether
    candidates are told, with `reason`."""

    which: tuple[str, ...]
    days: int
    first: date
    last: date
    tells: bool
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "which": list(self.which),
            "days": self.days,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "tells": self.tells,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Extension":
        days = {name: date.fromisoformat(values[name]) for name in ("first", "last")}
        return cls(**{**values, **days, "which": tuple(values["which"])})

    @property
    def fields(self) -> list[str]:
        return [name for which in self.which for name in FIELDS[which]]

    def moves(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last

    def after(self, day: date) -> date:
        return day + timedelta(days=self.days)


def extending_blockers(extension: Extension, number: int) -> list[Blocker]:
    """Why nothing can be prepared."""
    found = []
    if not extension.which:
        found.append(Blocker("nothing", _("Choose at least one deadline."), "field:which"))
    if not 1 <= extension.days <= MOST_DAYS:
        message = _("Give between 1 and %(most)d days.") % {"most": MOST_DAYS}
        found.append(Blocker("days", message, "field:days"))
    if extension.last < extension.first:
        message = _("The last day comes before the first.")
        found.append(Blocker("order", message, "field:last"))
    if not found and not number:
        found.append(Blocker("none_found", _("No opening here has such a deadline on these days.")))
    return found


def intakes_to_extend(among: QuerySet[Intake], extension: Extension) -> QuerySet[Intake]:
    """Those of `among`, of campaigns not archived, that have such a last day, or an offer that
    has."""
    window = (extension.first, extension.last)
    found = Q(pk__in=())
    for name in extension.fields:
        found |= Q(**{f"{name}__range": window})
    if Deadline.ANSWERS in extension.which:
        found |= Q(pk__in=_offers(extension).values("intake"))
    return among.filter(found, is_active=True, campaign__archived_at=None).order_by("pk")


def _offers(extension: Extension) -> QuerySet[Application]:
    """Offers that wait for an answer until one of these days."""
    outcomes = [each for each in Outcome if POLICIES[each].candidate_answers]
    return Application.objects.filter(
        released_outcome__in=outcomes,
        answer="",
        cancelled_at=None,
        archived_at=None,
        acceptance_due_on__range=(extension.first, extension.last),
    )


def begin_extension(
    intakes: QuerySet[Intake], extension: Extension, *, by: Any, now: datetime
) -> Run:
    """Have every opening among `intakes` looked at; nothing is changed yet."""
    keys = [intake.pk for intake in intakes_to_extend(intakes, extension).only("pk")]
    refuse_if(extending_blockers(extension, len(keys)))
    return examine_at_once(KIND, {key: {} for key in keys}, extension.as_json(), by=by, now=now)


# -- One opening -----------------------------------------------------------------------------------


def examine(run: Run, item: RunItem, now: datetime) -> Finding:
    """Which days of one opening would change, and how many candidates are concerned."""
    extension = Extension.from_json(run.values)
    intake = _intake(item.subject_id)
    if intake is None or not _may_change(run, intake):
        return Finding(blockers=[_out_of_reach()])
    changes = _changes(intake, extension, today=localdate(now))
    before = values_of(intake)
    offers = _movable_offers(intake, extension, today=localdate(now))
    for name, (_day, after) in changes.items():
        setattr(intake, name, after)
    told = len(offers)
    if "documents_due_on" in changes:
        told += _awaited(intake, changes["documents_due_on"][1]).count()
    return Finding(
        says=_says(changes, told if extension.tells else None)[:300],
        blockers=date_blockers(intake),
        warnings=date_warnings(intake),
        is_needless=not changes and not offers,
        details={"before": {name: before[name] for name in changes}, "concerned": told},
    )


def act(run: Run, item: RunItem, now: datetime) -> None:
    """Do what the preview showed, unless somebody changed the days meanwhile."""
    extension, today = Extension.from_json(run.values), localdate(now)
    lock_intake(item.subject_id)
    intake = _intake(item.subject_id)
    if intake is None or not _may_change(run, intake):
        raise Refused([_out_of_reach()])
    before, changes = values_of(intake), _changes(intake, extension, today=today)
    if {name: before[name] for name in changes} != item.details["before"]:
        message = _("Its dates were changed meanwhile: begin again.")
        raise Refused([Blocker("changed", message)])
    offers = _movable_offers(intake, extension, today=today)
    for name, (_day, after) in changes.items():
        setattr(intake, name, after)
    refuse_if(date_blockers(intake))
    if changes:
        intake.save(update_fields=list(changes))
        log_saved(intake, before=before, by=run.asked_by)
    _extend_offers(offers, extension, by=run.asked_by, now=now)
    if "documents_due_on" in changes and extension.tells:
        _tell(_awaited(intake, intake.documents_due_on), *changes["documents_due_on"], extension)


def _intake(pk: int) -> Intake | None:
    rows = Intake.objects.select_related("campaign", "programme__commission__centre")
    return rows.filter(pk=pk).first()


def _may_change(run: Run, intake: Intake) -> bool:
    return run.asked_by is not None and run.asked_by.has_perm(PERMISSION, intake.programme)


def _out_of_reach() -> Blocker:
    return Blocker("out_of_reach", _("You may not change the dates of this opening."))


def _changes(intake: Intake, extension: Extension, *, today: date) -> dict[str, tuple[date, date]]:
    """The days before and after. One that would be past all the same stays."""
    days = {name: getattr(intake, name) for name in extension.fields}
    return {
        name: (day, extension.after(day))
        for name, day in days.items()
        if extension.moves(day) and extension.after(day) >= today
    }


def _movable_offers(intake: Intake, extension: Extension, *, today: date) -> list[Application]:
    """Those that may have so many days more."""
    if Deadline.ANSWERS not in extension.which:
        return []
    mine = _offers(extension).filter(intake=intake).values("pk")
    offers = Application.objects.with_offer().filter(pk__in=mine).order_by("pk")
    return [
        offer
        for offer in offers
        if offer.acceptance_due_on is not None
        and not answer_day_blockers(offer, extension.after(offer.acceptance_due_on), today=today)
    ]


def _extend_offers(
    offers: Iterable[Application], extension: Extension, *, by: Any, now: datetime
) -> None:
    for offer in offers:
        before = offer.acceptance_due_on
        assert before is not None  # noqa: S101 -- it was looked for by that day
        after = extension.after(before)
        extend_acceptance_due(offer, after, by=by, now=now)
        if extension.tells:
            offer.refresh_from_db(fields=["acceptance_due_on", "acceptance_extended_to"])
            _send(offer, before, after, extension, is_answer=True)


def _awaited(intake: Intake, due: date) -> QuerySet[Application]:
    """Whose dossier is still to be handed in, and whose last day that is."""
    return Application.objects.with_offer().filter(
        Q(documents_extended_to=None) | Q(documents_extended_to__lt=due),
        intake=intake,
        dossier_status__in=EDITABLE_STATUSES,
        cancelled_at=None,
        archived_at=None,
        is_proposal=False,
    )


def _tell(
    applications: QuerySet[Application], before: date, after: date, extension: Extension
) -> None:
    for application in applications.order_by("pk").iterator(chunk_size=500):
        _send(application, application.documents_extended_to or before, after, extension)


def _send(
    application: Application,
    before: date,
    after: date,
    extension: Extension,
    *,
    is_answer: bool = False,
) -> None:
    DeadlineExtended(
        application, before=before, after=after, is_answer=is_answer, reason=extension.reason
    ).send()


def _says(changes: dict[str, tuple[date, date]], told: int | None) -> str:
    said = [
        f"{capfirst(str(Intake._meta.get_field(name).verbose_name))} : "  # type: ignore[union-attr]
        f"{long_date(before)} → {long_date(after)}"
        for name, (before, after) in changes.items()
    ]
    if told is not None:
        words = ngettext("%(number)d candidate told", "%(number)d candidates told", told)
        said.append(words % {"number": told})
    return " ; ".join(said)


LONG_WORK = Kind(KIND, examine=examine, act=act)
