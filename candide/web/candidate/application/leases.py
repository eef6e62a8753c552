"""The lease of a checklist: taken by each change, so that two people do not change it at once."""

from datetime import datetime

from django.http import HttpRequest

from candide.admissions.applications.domain.editing import checklist_of
from candide.admissions.applications.models import Application
from candide.foundation.leases.domain.leasing import take


def take_checklist(request: HttpRequest, application: Application, *, now: datetime) -> None:
    """Take the checklist for this session. Raises `Refused` while somebody else changes it."""
    tab = request.session.session_key or ""
    take(checklist_of(application), by=request.user, tab=tab, now=now)
