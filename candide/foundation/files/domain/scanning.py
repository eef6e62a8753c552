"""What the antivirus says of files that are already kept: those it did not answer about when they
were given, and those it could not judge."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from candide.foundation.files.domain import blobs
from candide.foundation.files.enums import FileEvent, ScanStatus
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.integrations.antivirus import Antivirus, Finding, Unavailable, antivirus

logger = logging.getLogger(__name__)

# After how long a file that waits is asked about again, and one the antivirus could not judge.
PENDING_AGAIN = timedelta(minutes=2)
FAILED_AGAIN = timedelta(days=1)
BATCH = 20

STATUSES = {
    Finding.CLEAN: ScanStatus.CLEAN,
    Finding.INFECTED: ScanStatus.INFECTED,
    Finding.FAILED: ScanStatus.FAILED,
}


def scan_pending(now: datetime) -> int:
    """Ask about the files that are due; how many got an answer. None once the antivirus does not
    answer: the others would only wait for it in turn."""
    due = StoredFile.objects.filter(_due(now)).order_by("pk").values_list("pk", flat=True)
    answered = 0
    for pk in list(due[:BATCH]):
        try:
            answered += scan(pk, now=now)
        except Unavailable as error:
            logger.warning("the antivirus does not answer: %s", error)
            return 0
    return answered


def scan(pk: int, *, now: datetime) -> bool:
    """Ask about one file and keep the answer. False if it was not due, because somebody else
    asks about it already, or it is gone. Raises `Unavailable`."""
    claimed = StoredFile.objects.filter(_due(now), pk=pk).update(scan_tried_at=now)
    if not claimed:
        return False
    _keep_answer(pk, _ask(pk, antivirus()), now=now)
    return True


def _due(now: datetime) -> Q:
    pending = Q(scan_status=ScanStatus.PENDING) & (
        Q(scan_tried_at=None) | Q(scan_tried_at__lte=now - PENDING_AGAIN)
    )
    return pending | Q(scan_status=ScanStatus.FAILED, scan_tried_at__lte=now - FAILED_AGAIN)


def _ask(pk: int, scanner: Antivirus | None) -> ScanStatus:
    """The worst that is said of the working copy and of its originals."""
    if scanner is None:
        return ScanStatus.NOT_SCANNED  # the deployment no longer has one
    stored_file = StoredFile.objects.get(pk=pk)
    keys = {stored_file.key, *stored_file.originals.values_list("key", flat=True)}
    said = set()
    for key in sorted(keys):
        with blobs.read_blob(key) as content:
            said.add(STATUSES[scanner.scan(content).finding])
    worst_first = (ScanStatus.INFECTED, ScanStatus.FAILED, ScanStatus.CLEAN)
    return next(status for status in worst_first if status in said)


@transaction.atomic
def _keep_answer(pk: int, status: ScanStatus, *, now: datetime) -> None:
    stored_file = StoredFile.objects.select_for_update().get(pk=pk)
    stored_file.scan_status = status
    stored_file.scanned_at = now
    stored_file.save(update_fields=["scan_status", "scanned_at"])
    if status == ScanStatus.INFECTED:
        log(stored_file, FileEvent.INFECTED)
