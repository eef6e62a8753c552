"""The calendar of an intake, as pages show it (« dates utiles ») [VIEW-06, S2-27]."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.institution.catalogue.domain.dates import window_of
from candide.institution.catalogue.models import Intake


@dataclass(frozen=True)
class Milestone:
    """A day of the calendar, or a period when `until` is set. `text` says what has no date yet.
    `state` is past, current or ahead; `is_deadline`: something must be done by then."""

    code: str
    label: str
    on: date | None
    until: date | None
    state: str
    text: str = ""
    is_deadline: bool = False


def milestones(intake: Intake, *, today: date) -> list[Milestone]:
    """What happens when, in the order of the dates; only what is set. `intake` comes with its
    campaign."""
    return [
        *_applying(intake, today),
        _day("documents_due_on", _("Dossier to be returned by"), intake.documents_due_on, today),
        *_optional("screening_on", _("First examination of dossiers"), intake.screening_on, today),
        *_optional("jury_on", _("Jury"), intake.jury_on, today),
        *_optional("results_on", _("Publication of results"), intake.results_on, today),
        *_answer(intake, today),
    ]


def _applying(intake: Intake, today: date) -> Iterator[Milestone]:
    begins, ends = window_of(intake)
    state = "past" if today > ends else "ahead" if today < begins else "current"
    if ends < begins:  # the campaign and the intake never were open together
        begins, ends, state = intake.opens_on, intake.closes_on, "past"
    yield Milestone("applying", _("Applications"), begins, ends, state, is_deadline=True)


def _answer(intake: Intake, today: date) -> Iterator[Milestone]:
    label = _("Answer of admitted candidates by")
    if intake.acceptance_due_on:
        yield _day("acceptance_due_on", label, intake.acceptance_due_on, today)
    elif intake.acceptance_days is not None:
        text = ngettext(
            "%(days)d day after the decision", "%(days)d days after the decision",
            intake.acceptance_days,
        ) % {"days": intake.acceptance_days}  # fmt: skip
        yield Milestone("acceptance_due_on", label, None, None, "ahead", text, is_deadline=True)


def _optional(code: str, label: str, day: date | None, today: date) -> Iterator[Milestone]:
    if day:
        yield _day(code, label, day, today)


def _day(code: str, label: str, day: date, today: date) -> Milestone:
    state = "past" if day < today else "current" if day == today else "ahead"
    return Milestone(code, label, day, None, state, is_deadline=code.endswith("due_on"))
