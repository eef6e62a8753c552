"""Whose data a program read is noted, as it is of staff: of one application each time, of a list as
one line that grows while the program reads on (« journal des consultations »)."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone
from rest_framework.request import Request

from candide.admissions.applications.models import Application
from candide.reporting.privacy.domain.reading_log import note_reading, note_together
from candide.reporting.privacy.enums import Opened


def note_one(
    request: Request,
    application: Application,
    opened: Opened = Opened.DOSSIER,
    *,
    document_id: int | None = None,
) -> None:
    """The program of `request` was given `application`, or a document of it."""
    note_reading(
        token=request.auth,
        account_id=application.candidate.user_id,
        application_id=application.pk,
        opened=opened,
        document_id=document_id,
        now=timezone.now(),
    )


def note_list(
    request: Request, opened: Opened, *, key: str = "application_id"
) -> Callable[[Iterable[Any]], None]:
    """What notes that the program was given a page of rows, whose `key` names the application."""

    def note(rows: Iterable[Any]) -> None:
        keys = [getattr(row, key) for row in rows]
        note_together(keys, token=request.auth, opened=opened, now=timezone.now())

    return note
