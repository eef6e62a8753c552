"""Taking the file: by who asked for it, as long as they may see every row that is in it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.downloads.enums import DownloadEvent, DownloadState
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import kind_of
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log

AT_ONCE = 5000


def taking_blockers(download: Download, *, by: Any, now: datetime) -> list[Blocker]:
    """Why `by` may not take it now. Rights are asked of every row inside, each time."""
    if download.state == DownloadState.EXPIRED or (
        download.expires_at is not None and download.expires_at <= now
    ):
        return [
            Blocker("expired", _("This export was deleted: its time is over. Ask for it anew."))
        ]
    if download.state != DownloadState.READY:
        return [Blocker("not_ready", _("This export is not ready."))]
    kind = kind_of(download)
    if kind.permission and not by.has_perm(kind.permission):
        message = _("Your rights no longer allow this export.")
        return [Blocker("not_allowed", message)]
    lost = _out_of_reach(download, by)
    if lost:
        message = ngettext(
            "%(number)d line of it is no longer in your reach: ask for the export anew.",
            "%(number)d lines of it are no longer in your reach: ask for the export anew.",
            lost,
        )
        return [Blocker("out_of_reach", message % {"number": lost})]
    return []


def take(download: Download, *, by: Any, now: datetime) -> StoredFile:
    """The file, for `by` to save. That it was taken, with how many rows, is in the history."""
    refuse_if(taking_blockers(download, by=by, now=now))
    log(
        download,
        DownloadEvent.TAKEN,
        by=by,
        kind=download.kind,
        number=download.number_inside,
    )
    assert download.file is not None  # noqa: S101 -- a constraint says so
    return download.file


def _out_of_reach(download: Download, user: Any) -> int:
    """How many rows inside `user` may not see (any more)."""
    reached = kind_of(download).reach(user).order_by()
    keys = download.subjects
    return sum(
        len(part) - reached.filter(pk__in=part).count()
        for part in (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))
    )
