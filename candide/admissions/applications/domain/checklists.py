"""The lease of a checklist, taken back by staff (« verrou libéré ») [back-office 28]."""

from typing import Any

from django.db import transaction

from candide.admissions.applications.domain.editing import checklist_of
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.foundation.history.domain.log import log
from candide.foundation.leases.domain.leasing import release_held


@transaction.atomic
def free_checklist(application: Application, *, by: Any) -> bool:
    """Take the checklist from whoever holds it; whether somebody did. The history says so."""
    lease = release_held(checklist_of(application))
    if lease is None:
        return False
    log(application, ApplicationEvent.LOCK_RELEASED, by=by, held_by=lease.owner_id)
    return True
