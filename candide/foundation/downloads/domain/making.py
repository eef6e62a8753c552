"""Making what was asked for, in the background. A download is claimed by a lease that its progress
renews; whoever dies leaves it to the next worker, which goes on with the parts that were kept."""

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from candide.core import sandbox
from candide.core.blockers import Blocker, Refused
from candide.core.failures import frames, summary
from candide.foundation.downloads.domain.cleaning import KEPT, drop_parts
from candide.foundation.downloads.enums import DownloadEvent, DownloadState
from candide.foundation.downloads.models import Download, DownloadPart
from candide.foundation.downloads.registry import Made, kind_of
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.files.domain.storing import store_path
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=2)
TURN = timedelta(minutes=1)
MOST_DEATHS = 3
MOST_TOLD = 1000


class Lost(Exception):
    """It is not ours to make any more: it was stopped, or taken over."""


class TurnOver(Exception):
    """Others wait: it goes on with the parts that were kept."""


class Making:
    """What a kind is given to make a file with: `subjects` (the keys asked for), `values`, who
    asked (`user`), a `place` for what it writes. It calls `tick(done)` every second or so, says
    what it puts in (`put_in`) and what it cannot (`leave_out`)."""

    def __init__(self, download: Download, place: Path, *, clock: Clock) -> None:
        self.download = download
        self.place = place
        self.clock = clock
        self.begun_at = clock()
        self.kind = kind_of(download)
        self.values: dict[str, Any] = download.values
        self.user = download.asked_by
        self.subjects = download.subjects
        self.inside: list[int] = []
        self.report: list[tuple[int | None, str, str]] = []
        self.left_out = 0
        self._has_advanced = False

    def tick(self, done: int) -> None:
        """So much is done; the lease is renewed. Raises `Lost` when it is to be made no more, and
        `TurnOver` after a minute to somebody who keeps parts and made one of them."""
        now = self.clock()
        with self._held() as download:
            download.leased_until, download.number_done = now + LEASE, done
            download.save(update_fields=["leased_until", "number_done"])
        if self._has_advanced and now - self.begun_at >= TURN:
            raise TurnOver

    def put_in(self, subject: int) -> None:
        self.inside.append(subject)

    def leave_out(self, subject: int | None, code: str, message: str) -> None:
        """Say in the report why something is not in it; this does not stop the rest."""
        self.left_out += 1
        if len(self.report) < MOST_TOLD:
            self.report.append((subject, code, message))

    def parts(self) -> dict[int, StoredFile]:
        """The parts that were kept, by their subject."""
        rows = self.download.parts.select_related("file")
        return {part.subject_id: part.file for part in rows}

    def keep_part(self, subject: int, path: Path, *, name: str, media_type: str) -> StoredFile:
        """Keep what was made of one subject, should this worker die."""
        file = store_path(path, name=name, media_type=media_type, by=self.user)
        with self._held() as download:
            DownloadPart.objects.create(download=download, subject_id=subject, file=file)
            download.attempts = 0
            download.save(update_fields=["attempts"])
        self._has_advanced = True
        return file

    @contextmanager
    def _held(self) -> Iterator[Download]:
        """The download, locked, if it is still ours to make."""
        with transaction.atomic():
            yield held(self.download.pk, self.download.claim)


def held(pk: int, claim: uuid.UUID | None) -> Download:
    rows = Download.objects.select_for_update(of=("self",)).filter(
        pk=pk, claim=claim, state=DownloadState.WAITING
    )
    download = rows.first()
    if download is None:
        raise Lost
    return download


def work(*, clock: Clock, only: int | None = None) -> int:
    """Make one file (`only` that one, if given); none (0) when none waits."""
    download = claim(now=clock(), only=only)
    if download is None:
        return 0
    with sandbox.scratch() as place, translation.override(download.language):
        _make(download, place, clock=clock)
    return 1


def claim(*, now: datetime, only: int | None = None) -> Download | None:
    """Make a download ours for two minutes: the one that waited longest. One at which workers died
    again and again is given up."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    waiting = Download.objects.filter(free, state=DownloadState.WAITING)
    if only is not None:
        waiting = waiting.filter(pk=only)
    if not waiting.exists():
        return None
    with transaction.atomic():
        download = (
            waiting.select_for_update(skip_locked=True, of=("self",))
            .order_by(F("worked_at").asc(nulls_first=True), "pk")
            .first()
        )
        if download is None:
            return None
        if download.leased_until is not None:
            download.attempts += 1
        download.claim, download.leased_until = uuid.uuid4(), now + LEASE
        download.worked_at = now
        download.save(update_fields=["claim", "leased_until", "worked_at", "attempts"])
        if download.attempts >= MOST_DEATHS:
            _fail(download, [Blocker("failed", _given_up())], now=now)
            return None
    return download


def _make(download: Download, place: Path, *, clock: Clock) -> None:
    try:
        making = Making(download, place, clock=clock)
        _refuse_strangers(making)
        _keep(making, making.kind.make(making))
    except (OperationalError, InterfaceError):
        raise  # the database itself: the lease runs out, and it is made again
    except Lost:
        return
    except TurnOver:
        Download.objects.filter(pk=download.pk, claim=download.claim).update(
            claim=None, leased_until=None
        )
    except Refused as refusal:
        _give_up(download, refusal.blockers, now=clock())
    except Exception as error:
        logger.error("download %s: %s\n%s", download.pk, summary(error), frames(error))
        message = _("Unexpected error. Support finds it in the log.")
        _give_up(download, [Blocker("failed", message)], now=clock())


def _refuse_strangers(making: Making) -> None:
    """Who lost their account or the right gets nothing made."""
    permission = making.kind.permission
    if making.user is None or (permission and not making.user.has_perm(permission)):
        raise Refused([Blocker("not_allowed", _("Your rights no longer allow this export."))])


def _keep(making: Making, made: Made) -> None:
    """The file into the storage, then the row that speaks of it: a crash between leaves a file
    that nothing points at, which the clean-up takes."""
    if not making.inside:
        blockers = [Blocker(code, message, str(key or "")) for key, code, message in making.report]
        nothing = Blocker("nothing_inside", _("Nothing could be put into this export."))
        raise Refused([nothing, *blockers])
    file = store_path(made.path, name=made.name, media_type=made.media_type, by=making.user)
    now = making.clock()
    try:
        with transaction.atomic():
            download = held(making.download.pk, making.download.claim)
            download.state, download.file = DownloadState.READY, file
            download.ended_at, download.expires_at = now, now + KEPT
            download.claim = download.leased_until = None
            download.number_done = download.number_asked
            download.number_inside, download.subjects = len(making.inside), making.inside
            download.report = [list(line) for line in making.report]
            download.number_left_out = making.left_out
            download.save()
            log(
                download,
                DownloadEvent.MADE,
                by=making.user,
                kind=download.kind,
                number=download.number_inside,
            )
            drop_parts(download)
    except Lost:
        remove(file)
        raise


def _give_up(download: Download, blockers: list[Blocker], *, now: datetime) -> None:
    with transaction.atomic():
        try:
            mine = held(download.pk, download.claim)
        except Lost:
            return
        _fail(mine, blockers, now=now)


def _fail(download: Download, blockers: list[Blocker], *, now: datetime) -> None:
    download.state, download.ended_at = DownloadState.FAILED, now
    download.claim = download.leased_until = None
    download.report = [
        [int(each.about) if each.about else None, each.code, each.message] for each in blockers
    ]
    download.save(update_fields=["state", "ended_at", "claim", "leased_until", "report"])


def _given_up() -> str:
    return _("The preparation broke off again and again.")
