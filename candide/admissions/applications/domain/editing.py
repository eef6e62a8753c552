"""When the dossier of an application may be changed [VIEW-11, VIEW-12, architecture 0]."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
)
from candide.admissions.applications.domain.stage import stage
from candide.admissions.applications.enums import (
    EDITABLE_STATUSES,
    DossierStatus,
    ItemStatus,
)
from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Blocker
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Intake

# The stages at which nothing more is expected of a dossier of this status. Whoever is admitted
# still completes what staff declared incomplete.
_OVER = {
    DossierStatus.AWAITED: {"refused", "withdrawn", "offered", "accepted"},
    DossierStatus.INCOMPLETE: {"refused", "withdrawn"},
}


def lock_candidate(candidate_id: int) -> Candidate:
    """Lock the candidate until the end of the transaction. Everything that writes to several
    applications of one person takes this lock first, so that two such writes never meet."""
    return Candidate.objects.locked(candidate_id)


def checklist_of(application: Application) -> str:
    """The name under which the checklist of `application` is leased [LOCK-02]."""
    return f"application:{application.pk}"


def lock_intake(intake_id: int) -> None:
    """Lock the intake until the end of the transaction. Everything that gives ranks or places, and
    so writes to applications of several people, takes this lock first, before a candidate's: the
    next one counts what is given, and no two wait for each other."""
    Intake.objects.select_for_update(of=("self",), no_key=True).get(pk=intake_id)


def editing_blockers(
    application: Application,
    *,
    today: date,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
) -> list[Blocker]:
    """Why nothing of the dossier may be changed now; empty when something may."""
    return [
        *_alive(application),
        *(_status(application) if enforce_status else ()),
        *_decided(application),
        *(_deadline(application, today) if enforce_deadline else ()),
    ]


def waits_for_dossier(application: Application) -> bool:
    """Whether the dossier is still for the candidate to hand over, in time or too late: it is
    neither here nor beside the point, since a final decision is released or its campaign is
    archived."""
    is_over = [*_status(application), *_decided(application)]
    is_alive = application.cancelled_at is None and application.archived_at is None
    return is_alive and not is_over


def item_blockers(
    item: RequestedDocument | AskedQuestion,
    *,
    today: date,
    enforce_deadline: bool = True,
    enforce_status: bool = True,
) -> list[Blocker]:
    """Why this document or answer may not be changed now; empty when it may. What an open request
    names, or what staff keep for themselves, follows neither the status nor the day of the
    dossier."""
    if _is_internal(item) or _is_asked_again(item, today):
        return [*_alive(item.application)]
    return [
        *editing_blockers(
            item.application,
            today=today,
            enforce_deadline=enforce_deadline,
            enforce_status=enforce_status,
        ),
        *(_item(item) if enforce_status else ()),
    ]


def paper_blockers(application: Application) -> list[Blocker]:
    """Why nothing of the dossier goes over this service, where it is posted [TRANS-09]."""
    if is_paperless(application.intake):
        return []
    return [Blocker("paper", _("This dossier is sent by post, with its documents."))]


def _alive(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))


def _status(application: Application) -> Iterator[Blocker]:
    if application.dossier_status not in EDITABLE_STATUSES:
        yield Blocker(
            "already_transmitted",
            _("The dossier was transmitted: nothing in it can be changed any more."),
        )


def _decided(application: Application) -> Iterator[Blocker]:
    """Nothing is handed over after a final decision. Where staff want it all the same, they declare
    the dossier incomplete or decide anew; so this is never waived."""
    over = _OVER.get(DossierStatus(application.dossier_status), set())
    if stage(application).code in over:
        message = _("A decision was released: the dossier is no longer waited for.")
        yield Blocker("decided", message)


def _deadline(application: Application, today: date) -> Iterator[Blocker]:
    if today > application.documents_due_on:
        yield Blocker("too_late", _("The deadline for the dossier has passed."))


def _is_internal(item: RequestedDocument | AskedQuestion) -> bool:
    return isinstance(item, RequestedDocument) and item.is_internal


def _is_asked_again(item: RequestedDocument | AskedQuestion, today: date) -> bool:
    """Whether a request that names it still runs."""
    return item.correction is not None and today <= item.correction.correction.due_on


def _item(item: Any) -> Iterator[Blocker]:
    if item.status == ItemStatus.APPROVED and not item.is_reopened:
        yield Blocker("approved", _("This was approved and is kept as it is."))
    elif item.application.dossier_status == DossierStatus.INCOMPLETE and not (
        item.is_reopened or item.given_since_frozen
    ):
        yield Blocker(
            "kept_as_given",
            _("Only what is missing, refused or requested again can be changed now."),
        )
