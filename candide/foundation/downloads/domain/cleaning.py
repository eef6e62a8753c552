"""What was asked for is not kept for ever."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.cleaning import remove

KEPT = timedelta(days=7)  # a file that is ready, and the parts of one that was not finished
REMEMBERED = timedelta(days=90)  # that there was one; the history keeps it for good


def drop_parts(download: Download) -> None:
    """Delete the parts, and their contents once the rows are gone for good."""
    files = [part.file for part in download.parts.select_related("file")]
    download.parts.all().delete()
    transaction.on_commit(lambda: [remove(file) for file in files])


@transaction.atomic
def expire(pk: int) -> None:
    """Delete the file and the parts of a download whose time is over."""
    download = Download.objects.locked(pk)
    file, download.file = download.file, None
    download.state, download.packed_subjects = DownloadState.EXPIRED, b""
    download.save(update_fields=["file", "state", "packed_subjects"])
    drop_parts(download)
    if file is not None:
        remove(file)


def expired(*, now: datetime) -> QuerySet[Download]:
    """Those whose file or parts are to be deleted."""
    ready = Q(state=DownloadState.READY, expires_at__lte=now)
    ended = Q(state__in=[DownloadState.STOPPED, DownloadState.FAILED], ended_at__lte=now - KEPT)
    return Download.objects.filter(ready | ended).order_by("pk")


def remembered_enough(*, now: datetime) -> QuerySet[Download]:
    """The rows of long ago, whose files are gone."""
    return Download.objects.filter(state=DownloadState.EXPIRED, created_at__lt=now - REMEMBERED)
