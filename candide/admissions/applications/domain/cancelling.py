"""Cancelling an application, and restoring it (« annuler ») [CANCEL]."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.archived import archived_blockers
from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.enums import ApplicationEvent, DossierStatus
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log


def cancelling_blockers(application: Application) -> list[Blocker]:
    """Why the application may not be cancelled; empty when it may. No date counts [CANCEL-01]."""
    return list(_cancelling(application))


def restoring_blockers(application: Application) -> list[Blocker]:
    """Why a cancelled application may not be restored (architecture, 0)."""
    return list(_restoring(application))


@transaction.atomic
def cancel(application: Application, *, by: Any, now: datetime) -> None:
    """Cancel for good, as far as the candidate is concerned [CANCEL-02]. Documents stay until
    their retention ends, so that staff may restore the application."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(cancelling_blockers(application))
    application.cancelled_at, application.cancelled_by = now, by
    application.version += 1
    application.save(update_fields=["cancelled_at", "cancelled_by", "version"])
    log(application, ApplicationEvent.CANCELLED, by=by)
    mails.Cancelled(application).send()
    mails.CommissionCancellation(application).send()


@transaction.atomic
def restore(application: Application, *, by: Any, now: datetime) -> None:
    """Undo a cancellation, unless the candidate applied again meanwhile."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if(restoring_blockers(application))
    application.cancelled_at = application.cancelled_by = None
    application.version += 1
    application.save(update_fields=["cancelled_at", "cancelled_by", "version"])
    log(application, ApplicationEvent.RESTORED, by=by, at=now.isoformat())


def _cancelling(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is not None:
        yield Blocker("cancelled", _("This application was cancelled."))
    if application.archived_at is not None:
        yield Blocker("archived", _("This application belongs to a past campaign."))
    if application.dossier_status != DossierStatus.AWAITED:
        yield Blocker(
            "being_treated", _("The dossier is being treated: it can no longer be cancelled.")
        )
    if application.has_any_decision:
        yield Blocker(
            "being_decided", _("The examination has begun: it can no longer be cancelled.")
        )


def _restoring(application: Application) -> Iterator[Blocker]:
    if application.cancelled_at is None:
        yield Blocker("not_cancelled", _("This application is not cancelled."))
        return
    yield from archived_blockers(application)
    again = Application.objects.live().filter(
        candidate_id=application.candidate_id, intake_id=application.intake_id
    )
    if again.exists():
        yield Blocker("applied_again", _("The candidate applied again to this programme."))
