"""What staff take away of many applications at once goes into the read log: one line with their
number, found again from each of them."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.letter_files import LETTERS
from candide.admissions.handover.domain.deliveries import DELIVERY
from candide.admissions.handover.models import PreEnrolment
from candide.foundation.downloads.models import Download
from candide.foundation.runs.models import Run
from candide.reporting.exports.domain.applications import APPLICATIONS
from candide.reporting.exports.domain.dossiers import DOCUMENTS, DOSSIER, DOSSIERS, SHEETS
from candide.reporting.privacy.domain.reading_log import note_together
from candide.reporting.privacy.enums import Opened

# The files somebody may ask for that are about applications.
OPENED = {
    APPLICATIONS: Opened.TABLE,
    DOSSIERS: Opened.EXPORT,
    DOSSIER: Opened.EXPORT,
    DOCUMENTS: Opened.DOCUMENTS,
    SHEETS: Opened.SHEETS,
    LETTERS: Opened.LETTERS,
}


def note_taken(applications: Iterable[int], opened: Opened, *, by: Any) -> None:
    """Note that `by` took away something of these."""
    note_together(applications, opened=opened, reader=by, now=timezone.now())


def note_download(download: Download, *, by: Any) -> None:
    """Note that `by` took a file they had asked for."""
    if download.kind == DELIVERY:
        note_deliveries(download.subjects, by=by)
    elif download.kind in OPENED:
        note_taken(download.subjects, OPENED[download.kind], by=by)


def note_deliveries(deliveries: Iterable[int], *, by: Any) -> None:
    """Note that `by` took files for the student system: everybody in them."""
    rows = PreEnrolment.objects.filter(deliveries__in=list(deliveries))
    note_taken(rows.values_list("application_id", flat=True), Opened.HANDOVER, by=by)


def note_run(run: Run, *, by: Any) -> None:
    """Note that `by` took the report of an action: those in their reach are named in it."""
    named = run.items.values("subject_id")
    rows = Application.objects.all().visible_to(by).filter(pk__in=named)
    note_taken(rows.values_list("pk", flat=True), Opened.REPORT, by=by)
