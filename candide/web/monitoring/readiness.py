"""/readyz: whether this machine should be sent candidates. A balancer asks it; `/healthz` only says
that the process and its database live."""

import threading
import time
from collections.abc import Callable
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candide.core.failures import summary
from candide.foundation.files.domain.blobs import try_storage
from candide.foundation.jobs.domain.watching import has_worker

WELL = "ok"
STORAGE_SECONDS = 10.0  # for so long the storage is not written to again, whoever asks


@require_safe
@never_cache
@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while this machine cannot serve. A worker that is missing is told and no reason to send
    nobody here: candidates are served, and mails wait for it in the outbox."""
    found = {name: said(check) for name, check in NEEDED.items()}
    is_ready = all(words == WELL for words in found.values())
    found["worker"] = said(_worker)
    answer = {"ready": is_ready, "checks": found}
    return JsonResponse(answer, status=200 if is_ready else 503)


def said(check: Callable[[], str]) -> str:
    """What came of a check; of a failure its kind and place, never its words."""
    try:
        return check()
    except Exception as error:
        return summary(error)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return WELL


def _migrations() -> str:
    """All this version knows are applied. More may be: the next version begins while this one
    still serves."""
    applied = MigrationRecorder(connection).applied_migrations()
    missing = [f"{app}.{name}" for app, name in _last_migrations() if (app, name) not in applied]
    return f"missing: {', '.join(missing)}" if missing else WELL


@cache
def _last_migrations() -> tuple[tuple[str, str], ...]:
    """The last of each app, as the files of this version say."""
    return tuple(sorted(MigrationLoader(None).graph.leaf_nodes()))


class _Storage:
    """A file is written and deleted, once in a while however often one asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words = ""
        self._until = 0.0

    def __call__(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._words = said(self._try)
                self._until = time.monotonic() + STORAGE_SECONDS
            return self._words

    def forget(self) -> None:
        self._until = 0.0

    @staticmethod
    def _try() -> str:
        try_storage()
        return WELL


storage = _Storage()


def _worker() -> str:
    return WELL if has_worker(now=timezone.now()) else "no sign of life for two minutes"


NEEDED = {"database": _database, "migrations": _migrations, "storage": storage}
