"""Asking for a file; stopping, and asking again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.downloads.enums import DownloadEvent, DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, find_kind
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.history.domain.log import log

MOST_AT_ONCE = 5  # of one person


def asking_blockers(kind: Kind, number: int, *, by: Any) -> list[Blocker]:
    """Why so many rows cannot be asked for by this person now."""
    found = []
    if number == 0:
        found.append(Blocker("nothing_selected", _("There is nothing to export here.")))
    if number > kind.most:
        message = _("At most %(most)d lines at once: narrow the search.") % {"most": kind.most}
        found.append(Blocker("too_many", message))
    waiting = Download.objects.filter(asked_by=by, state=DownloadState.WAITING).count()
    if waiting >= MOST_AT_ONCE:
        message = _("%(number)d of your exports are being prepared: wait until one has ended.")
        found.append(Blocker("too_many_at_once", message % {"number": waiting}))
    return found


@transaction.atomic
def ask_download(
    code: str,
    subjects: Iterable[int],
    *,
    title: str,
    by: Any,
    now: datetime,
    values: dict[str, Any] | None = None,
) -> Download:
    """Ask for a file of the kind `code` about the rows `subjects`, in their order and each once.
    What is out of reach is left out when it is made."""
    kind = find_kind(code)
    keys = list(dict.fromkeys(subjects))
    refuse_if(asking_blockers(kind, len(keys), by=by))
    download = Download(
        kind=code,
        title=title[:200],
        asked_by=by,
        language=get_language() or "fr",
        values=values or {},
        number_asked=len(keys),
        created_at=now,
    )
    download.subjects = keys
    download.save()
    log(download, DownloadEvent.ASKED, by=by, kind=code, number=len(keys))
    return download


def stopping_blockers(download: Download) -> list[Blocker]:
    """Why there is nothing to stop."""
    if download.is_waiting:
        return []
    return [Blocker("not_waiting", _("This export is not being prepared."))]


@transaction.atomic
def stop_download(download: Download, *, by: Any, now: datetime) -> None:
    """Make it no further. What was made of it is kept for a while, to go on with."""
    download = Download.objects.locked(download.pk)
    refuse_if(stopping_blockers(download))
    download.state, download.ended_at = DownloadState.STOPPED, now
    download.claim = download.leased_until = None
    download.save(update_fields=["state", "ended_at", "claim", "leased_until"])
    log(download, DownloadEvent.STOPPED, by=by, kind=download.kind)


def resuming_blockers(download: Download) -> list[Blocker]:
    """Why it cannot be made once more: it was neither stopped nor failed."""
    if download.state in {DownloadState.STOPPED, DownloadState.FAILED}:
        return []
    return [Blocker("not_ended", _("Only an export that was stopped or failed is resumed."))]


@transaction.atomic
def resume_download(download: Download, *, by: Any, now: datetime) -> None:
    """Go on with what was stopped, or try again what failed."""
    download = Download.objects.locked(download.pk)
    refuse_if(resuming_blockers(download))
    download.state, download.ended_at, download.attempts = DownloadState.WAITING, None, 0
    download.report, download.number_left_out = [], 0
    download.save(update_fields=["state", "ended_at", "attempts", "report", "number_left_out"])
    log(download, DownloadEvent.RESUMED, by=by, kind=download.kind)


@transaction.atomic
def delete_download(download: Download, *, by: Any) -> None:
    """Delete it before its time. Of its parts the clean-up of files takes the contents."""
    download = Download.objects.locked(download.pk)
    log(download, DownloadEvent.DELETED, by=by, kind=download.kind)
    file = download.file
    download.delete()
    if file is not None:
        remove(file)
