"""Every figure that is counted of applications [back-office 23]: what it is called, and which
applications it counts. A page of staff shows each with a link to exactly those applications."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.decisions.domain.queries import (
    IS_UNANSWERED,
    has_decision,
    last_is_released,
    last_outcome_is,
)

APPLICATIONS, DOSSIERS, LAST, DECISIONS, ANSWERS = (
    "applications",
    "dossiers",
    "last",
    "decisions",
    "answers",
)
GROUPS = {
    APPLICATIONS: _("Applications"),
    DOSSIERS: _("Status of the dossier"),
    LAST: _("Last decision"),
    DECISIONS: _("Decisions"),
    ANSWERS: _("Answers"),
}


@dataclass(frozen=True)
class Figure:
    """A number of applications. `condition` says which, among those not cancelled unless
    `of_cancelled`."""

    code: str
    heading: Any
    group: str
    condition: Callable[[], Q]
    of_cancelled: bool = False

    def q(self) -> Q:
        return Q(cancelled_at__isnull=not self.of_cancelled) & self.condition()


def _outcome(outcome: Outcome) -> Figure:
    return Figure(f"last-{outcome}", outcome.label, LAST, lambda: last_outcome_is(outcome))


def _status(status: DossierStatus) -> Figure:
    return Figure(f"dossier-{status}", status.label, DOSSIERS, lambda: Q(dossier_status=status))


FIGURES: tuple[Figure, ...] = (
    Figure("applied", pgettext_lazy("figure", "Not cancelled"), APPLICATIONS, Q),
    Figure("cancelled", pgettext_lazy("figure", "Cancelled"), APPLICATIONS, Q, of_cancelled=True),
    Figure(
        "transmitted",
        pgettext_lazy("figure", "Transmitted"),
        APPLICATIONS,
        lambda: Q(transmitted_at__isnull=False),
    ),
    _status(DossierStatus.AWAITED),
    _status(DossierStatus.RECEIVED),
    _status(DossierStatus.COMPLETE),
    _status(DossierStatus.INCOMPLETE),
    _outcome(Outcome.FAVOURABLE),
    _outcome(Outcome.UNFAVOURABLE),
    _outcome(Outcome.WAITING_LIST),
    _outcome(Outcome.RESERVE_LIST),
    _outcome(Outcome.SHORTLISTED),
    Figure("decided", _("Any decision"), DECISIONS, has_decision),
    Figure("last-released", _("Of which released"), DECISIONS, last_is_released),
    Figure("drafted", _("Of which not released"), DECISIONS, lambda: Q(has_draft_decision=True)),
    Figure("announced", _("Told to the candidate"), DECISIONS, lambda: ~Q(released_outcome="")),
    Figure(
        "offered",
        pgettext_lazy("figure", "Admitted"),
        ANSWERS,
        lambda: Q(released_outcome=Outcome.FAVOURABLE),
    ),
    Figure("unanswered", _("Without an answer"), ANSWERS, lambda: IS_UNANSWERED),
    Figure(
        "accepted",
        pgettext_lazy("figure", "Confirmed"),
        ANSWERS,
        lambda: Q(answer=CandidateAnswer.ACCEPTED),
    ),
    Figure(
        "withdrawn",
        pgettext_lazy("figure", "Withdrawn"),
        ANSWERS,
        lambda: Q(answer=CandidateAnswer.WITHDRAWN),
    ),
)
BY_CODE = {figure.code: figure for figure in FIGURES}
# From applying to confirming: each of these leads to the next.
FUNNEL = ("applied", "transmitted", "dossier-complete", "announced", "offered", "accepted")
Numbers = dict[str, int]


def counted() -> dict[str, Count]:
    """Every figure, to aggregate applications by."""
    return {figure.code.replace("-", "_"): Count("pk", filter=figure.q()) for figure in FIGURES}


def in_service() -> Q:
    """Applications to what is in service, with its programme, commission and centre."""
    return Q(
        intake__is_active=True,
        intake__programme__is_active=True,
        intake__programme__commission__is_active=True,
        intake__programme__commission__centre__is_active=True,
    )
