"""The one writer of the dossier's status (« statut de dossier »)."""

from datetime import date, datetime
from typing import Any

from candide.admissions.applications.enums import ApplicationEvent, DossierStatus
from candide.admissions.applications.models import Application
from candide.foundation.history.domain.log import log

# Which date a status leaves behind; awaited leaves none and clears none [back-office 14.4].
DATED = {
    DossierStatus.RECEIVED: "received_on",
    DossierStatus.INCOMPLETE: "incomplete_on",
    DossierStatus.COMPLETE: "complete_on",
}


def set_dossier_status(
    application: Application, status: DossierStatus, *, by: Any, now: datetime, on: date
) -> None:
    """Write `status`, its day `on` and the moment, on a locked row. What follows (snapshot,
    mails) is for the action that calls this."""
    before = application.dossier_status
    application.dossier_status = status
    application.status_changed_at = now
    application.version += 1
    fields = ["dossier_status", "status_changed_at", "version"]
    if status in DATED:
        setattr(application, DATED[status], on)
        fields.append(DATED[status])
    application.save(update_fields=fields)
    log(
        application,
        ApplicationEvent.STATUS_SET,
        by=by,
        before=before,
        after=status,
        on=on.isoformat(),
    )
