"""Work on files nobody trusts, in a process of its own: with bounds on time, memory and what it
may write, without the settings' secrets, so that no file can raise, hang or eat memory here."""

import json
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]

logger = logging.getLogger(__name__)

# At most this many at once for each of our processes: their memory adds up.
_slots = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Bounds:
    """What the work may cost. `seconds` also bounds the wait for a free slot."""

    seconds: float = 60
    cpu_seconds: int = 40
    memory_bytes: int = 1280 * 1024 * 1024
    written_bytes: int = 256 * 1024 * 1024


class Failure(StrEnum):
    """Why there is no result."""

    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"
    BUSY = "busy"


@dataclass
class Outcome:
    """What came out: a result or why there is none; and what was reported on the way."""

    result: dict[str, Any] | None = None
    failure: Failure | None = None
    reports: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def scratch() -> Iterator[Path]:
    """A private directory for the work on files, gone afterwards. One that a crash leaves behind
    is removed by the clean-up of files."""
    place = Path(tempfile.mkdtemp(prefix="work-", dir=settings.FILE_UPLOAD_TEMP_DIR))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def run(module: str, request: dict[str, Any], *, bounds: Bounds | None = None) -> Outcome:
    """Call `module.handle(request, report)` in a process of its own. Everything passed in and out
    is JSON; contents travel in files that `request` names. The module should import little, since
    it is imported anew each time, and nothing of Django."""
    bounds = bounds or Bounds()
    if not _slots.acquire(timeout=bounds.seconds):
        return Outcome(failure=Failure.BUSY)
    try:
        return _run(module, request, bounds)
    except OSError:  # no process or memory left to start one
        logger.exception("no sandbox could be started")
        return Outcome(failure=Failure.BUSY)
    finally:
        _slots.release()


def _run(module: str, request: dict[str, Any], bounds: Bounds) -> Outcome:
    order = json.dumps({"module": module, "request": request, "bounds": asdict(bounds)})
    with subprocess.Popen(
        # -P: the working directory is not searched for modules
        [sys.executable, "-P", "-m", "candide.core.confined"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            said, _ = process.communicate(order, timeout=bounds.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            return _outcome(said, Failure.TIME)
    # A negative code is a signal: SIGXCPU (24) and SIGALRM (14) are bounds, others a crash.
    return _outcome(said, Failure.TIME if process.returncode in (-24, -14) else Failure.CRASH)


def _outcome(said: str, failure: Failure) -> Outcome:
    """Read the lines the process wrote; `failure` is meant if they do not say how it ended."""
    outcome = Outcome()
    for line in said.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            break  # killed while it wrote
        if "report" in message:
            outcome.reports.append(message["report"])
        elif "failed" in message:
            failure = Failure(message["failed"])
            logger.warning("sandboxed work failed: %s", message["where"])
        else:
            outcome.result = message["result"]
    if outcome.result is None:
        outcome.failure = failure
    return outcome
