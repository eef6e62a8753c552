"""A deployment of its own for trials of faults: a database, a data directory, and processes of the
`candide` command that can be killed. The test looks into the database through a connection beside
its own, so that what a killed process left behind is seen as it is.

    with Installation(folder) as installation:
        with installation.database():
            OutgoingMailFactory(...)
        worker = installation.start("worker", CANDIDE_EMAIL_URL=server.url)
        worker.kill()
"""

import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.databases import migrated_template

PATIENCE = 60.0
LOOK = 0.05
TEMPLATE = "template"


class TooLong(AssertionError):
    """What was waited for did not happen."""


def wait_until(condition: Callable[[], bool], what: str, *, patience: float = PATIENCE) -> None:
    """Return once `condition` holds; fail when it does not within `patience` seconds."""
    never = Event()
    for _ in range(int(patience / LOOK)):
        if condition():
            return
        never.wait(LOOK)
    raise TooLong(what)


def children(pid: int) -> list[int]:
    """The processes `pid` started, oldest first."""
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that just ended
            found += [int(child) for child in path.read_text().split()]
    return sorted(found)


def _family(pid: int) -> list[int]:
    """`pid` and whatever descends from it, all stopped, so that none starts another one."""
    _signal(pid, signal.SIGSTOP)
    return [pid, *(each for child in children(pid) for each in _family(child))]


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


@dataclass
class Process:
    """A running `candide` command."""

    popen: subprocess.Popen
    log: Path

    def kill(self) -> None:
        """kill -9: no chance to tidy up."""
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait(PATIENCE)

    def kill_family(self) -> None:
        """kill -9 to it and to every process it started, as when the machine stops."""
        for pid in _family(self.popen.pid):
            _signal(pid, signal.SIGKILL)
        self.popen.wait(PATIENCE)

    def kill_child(self) -> None:
        """kill -9 to the first process it started and to no other, as the kernel does when memory
        is short."""
        _signal(children(self.popen.pid)[0], signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end, as systemd does; its exit code."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE)

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def said(self) -> str:
        """What it wrote on its outputs."""
        return self.log.read_text("utf-8", "replace")


def web_settings(port: int) -> dict[str, str]:
    """What one web server at `port` is told."""
    return {
        "CANDIDE_DEBUG": "1",  # static files where they are
        "CANDIDE_BASE_URL": f"http://127.0.0.1:{port}",
        "CANDIDE_LISTEN": f"127.0.0.1:{port}",
        "CANDIDE_WEB_WORKERS": "1",
    }


@dataclass
class Installation:
    """Use as a context manager, outside of any test transaction."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)

    def __enter__(self) -> "Installation":
        self.name = f"faults_{uuid.uuid4().hex[:12]}"
        self._connection = _create_database(self.name, self.folder)
        return self

    def __exit__(self, *exc: object) -> None:
        for process in self.processes:
            if process.is_running:
                process.kill_family()
        self._connection.close()
        _drop_database(self.name, self.folder)

    @contextmanager
    def database(self) -> Iterator[None]:
        """Inside, models, factories and queries speak to this deployment's database."""
        with in_place_of_ours(self._connection):
            yield

    def start(self, *command: str, within: Sequence[str] = (), **settings: str) -> Process:
        """Start `candide COMMAND…` with `settings` on top of the deployment's own; `within` is the
        command that enters another machine."""
        log = self.folder / f"{len(self.processes)}.log"
        with log.open("wb") as output:
            popen = subprocess.Popen(
                [*within, sys.executable, "-m", "candide", *command],
                env=self.environment(**settings),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        process = Process(popen, log)
        self.processes.append(process)
        return process

    def environment(self, **settings: str) -> dict[str, str]:
        """What its processes find in their environment."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("CANDIDE_")
        }
        own = {
            "DJANGO_SETTINGS_MODULE": "candide.config.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "CANDIDE_SECRET_KEY": "for-trials-of-faults-only-".ljust(60, "x"),
            "CANDIDE_DATA_DIR": str(self.folder),
            "CANDIDE_DATABASE_URL": _url(self.name, self.folder),
            "CANDIDE_BASE_URL": "http://127.0.0.1:9",  # where nothing answers
            "RUNTIME_DIRECTORY": str(self.folder),  # what a killed web server leaves goes with it
            # They are started again and again: compiled once.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "bytecode"),
        }
        return {**inherited, **own, **self.settings, **settings}


# -- Databases ------------------------------------------------------------------------------------


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _url(name: str, folder: Path) -> str:
    if _is_sqlite():
        return f"sqlite:///{folder / name}.sqlite3"
    return urlsplit(os.environ["CANDIDE_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def _create_database(name: str, folder: Path) -> BaseDatabaseWrapper:
    """A copy of a migrated database: the one the whole run copies, else one made here once."""
    if _is_sqlite():
        shutil.copyfile(migrated_template(), folder / f"{name}.sqlite3")
        made = _connection_to(str(folder / f"{name}.sqlite3"))
    else:
        template = os.environ.get("TEST_DATABASE_TEMPLATE") or _migrated_here()
        with _connected_to("postgres") as admin, admin.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made = _connection_to(name)
    with in_place_of_ours(made):
        call_command("createcachetable", "candide_cache", verbosity=0)
    return made


def _migrated_here() -> str:
    name = f"faults_{TEMPLATE}_{os.getpid()}"
    with _connected_to("postgres") as admin, admin.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is not None:
            return name
        cursor.execute(f'CREATE DATABASE "{name}"')
    with _connected_to(name) as new, in_place_of_ours(new):
        call_command("migrate", verbosity=0)
    return name


def _drop_database(name: str, folder: Path) -> None:
    if _is_sqlite():
        for path in folder.glob(f"{name}.sqlite3*"):
            path.unlink()
        return
    with _connected_to("postgres") as admin, admin.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _connection_to(name: str) -> BaseDatabaseWrapper:
    settings = {**connections.settings[DEFAULT_DB_ALIAS], "NAME": name}
    return type(connections[DEFAULT_DB_ALIAS])(settings, DEFAULT_DB_ALIAS)


@contextmanager
def _connected_to(name: str) -> Iterator[BaseDatabaseWrapper]:
    made = _connection_to(name)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def in_place_of_ours(other: BaseDatabaseWrapper) -> Iterator[None]:
    own = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = own
