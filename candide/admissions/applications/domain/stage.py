"""The word and colour that fold the axes of an application into one for lists."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.applications.models import Application


@dataclass(frozen=True)
class Stage:
    """Where an application stands: `code` for tests and styles, `step` 0…4 on the track
    Déposée › Transmise et réceptionnée › Complète › Décision › Réponse."""

    code: str
    label: str
    step: int


CANCELLED = Stage("cancelled", _("Cancelled"), 0)
ANSWERED = {
    CandidateAnswer.ACCEPTED: Stage("accepted", _("Admitted, place confirmed"), 4),
    CandidateAnswer.WITHDRAWN: Stage("withdrawn", _("Withdrawn"), 4),
}
DECIDED = {
    Outcome.FAVOURABLE: Stage("offered", _("Admitted, answer expected"), 3),
    Outcome.UNFAVOURABLE: Stage("refused", _("Not admitted"), 3),
    Outcome.RESERVE_LIST: Stage("reserve_list", _("On the reserve list"), 3),
    Outcome.WAITING_LIST: Stage("waiting_list", _("On the waiting list"), 3),
    Outcome.SHORTLISTED: Stage("shortlisted", _("Shortlisted"), 3),
}
BY_DOSSIER = {
    DossierStatus.AWAITED: Stage("awaited", _("To be transmitted"), 0),
    DossierStatus.RECEIVED: Stage("received", _("Received, being examined"), 1),
    DossierStatus.INCOMPLETE: Stage("incomplete", _("Incomplete, to be transmitted again"), 0),
    DossierStatus.COMPLETE: Stage("complete", _("Complete, being examined"), 2),
}


def stage(application: Application) -> Stage:
    """Where the candidate sees the application. Costs no query, knows released decisions only."""
    if application.cancelled_at is not None:
        return CANCELLED
    if application.answer:
        return ANSWERED[CandidateAnswer(application.answer)]
    if application.released_outcome:
        return DECIDED[Outcome(application.released_outcome)]
    return BY_DOSSIER[DossierStatus(application.dossier_status)]


def has_lapsed(application: Application, *, today: date) -> bool:
    """An offer whose last day to answer has passed without an answer."""
    due = application.acceptance_due_on
    is_offer = stage(application) is DECIDED[Outcome.FAVOURABLE]
    return is_offer and due is not None and due < today
