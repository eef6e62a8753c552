from datetime import datetime

from django.utils import timezone

from candide.core.tasks import handler
from candide.foundation.files.domain import scanning
from candide.foundation.jobs.registry import sweep


@handler("files.scan")
def scan_one(pk: int) -> None:
    scanning.scan(pk, now=timezone.now())  # noqa: TID251 -- the edge


@sweep("scan-files", every=30)
def scan_waiting(now: datetime) -> int:
    return scanning.scan_pending(now)
