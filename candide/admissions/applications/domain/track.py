"""The track of an application, from applying to the answer, as cards and pages draw it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import pgettext

from candide.admissions.applications.domain.stage import CANCELLED, has_lapsed, stage
from candide.admissions.applications.models import Application
from candide.core.clock import localdate


@dataclass(frozen=True)
class Step:
    """One step of the track. `state`: done, current, ahead, stopped."""

    code: str
    label: str
    state: str
    on: date | None = None


# What a stage (its code) changes in what its place on the track says.
_OTHERWISE = {
    "shortlisted": {"decision": "current", "answer": "ahead"},
    "reserve_list": {"answer": "ahead"},
    "waiting_list": {"answer": "ahead"},
    "withdrawn": {"answer": "stopped"},
}
_WITHOUT_ANSWER = frozenset({"refused"})


def track(application: Application, *, is_paperless: bool, today: date) -> list[Step]:
    """Déposée › Transmise et réceptionnée › Complète › Décision › Réponse; a paper dossier is not
    transmitted, only received. Nothing is waited for once the campaign is archived. Costs no query,
    knows released decisions only."""
    now = stage(application)
    if application.cancelled_at is not None:
        return _cancelled(application.created_at, application.cancelled_at)
    answered_on = localdate(application.answered_at) if application.answered_at else None
    received = (
        pgettext("track", "Transmitted and received")
        if is_paperless
        else pgettext("track", "Received")
    )
    steps = [
        ("applied", pgettext("track", "Applied"), localdate(application.created_at)),
        ("received", received, application.received_on),
        ("complete", pgettext("track", "Complete"), application.complete_on),
        ("decision", pgettext("track", "Decision"), None),
        ("answer", pgettext("track", "Answer"), answered_on),
    ]
    if now.code in _WITHOUT_ANSWER:
        steps.pop()
    changed = _OTHERWISE.get(now.code, {})
    if has_lapsed(application, today=today):
        changed = {"answer": "stopped"}
    found = [
        Step(
            code,
            label,
            changed.get(code, _state(place, now.step)),
            day if place <= now.step else None,
        )
        for place, (code, label, day) in enumerate(steps)
    ]
    return found if application.archived_at is None else _ended(found)


def _cancelled(created_at: datetime, cancelled_at: datetime) -> list[Step]:
    return [
        Step("applied", pgettext("track", "Applied"), "done", localdate(created_at)),
        Step("cancelled", str(CANCELLED.label), "stopped", localdate(cancelled_at)),
    ]


def _ended(steps: list[Step]) -> list[Step]:
    """The steps of an application that goes no further."""
    return [replace(step, state="stopped") if step.state == "current" else step for step in steps]


def _state(place: int, reached: int) -> str:
    """The step `reached` is done; the one after it is what is waited for."""
    return "done" if place <= reached else "current" if place == reached + 1 else "ahead"
