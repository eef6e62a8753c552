"""The demonstration as people meet it: its data on the database the tests run on, the web server,
the worker and the sign-in provider of its students, each a process of its own.

WALK_AT=http://127.0.0.1:8000 walks through a demonstration that runs already (`make demo`), with
its CANDIDE_ variables.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path

import psycopg
from django.db import connection

from tests.browser.walks.walker import PASSWORD, Person
from tests.databases import PLACE, ROOT, migrated_template, migrations_digest

READY_SECONDS = 90
PATIENCE_SECONDS = 20
SIZES = {"postgresql": "medium", "sqlite": "small"}  # there is one walk on SQLite
CANDIDE = [sys.executable, "-m", "candide"]

_HOLD = """
from django.utils import timezone

from candide.admissions.candidates.domain import editing
from candide.admissions.candidates.enums import Section
from candide.institution.accounts.models import User

holder = User.objects.get(email="{address}")
bao = User.objects.get(email="bao@univ-valmont.example")
editing.{verb}(holder, section=Section.ADDRESS, by=bao, tab="bao"{more})
"""


@dataclass(frozen=True)
class Demonstration:
    """Where it is, the settings of its processes, and the file they log to, if they are ours."""

    url: str
    settings: dict[str, str]
    log: Path | None = None

    def errors(self) -> list[str]:
        """What the server logged as an error so far."""
        if self.log is None:
            return []
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return [line for line in lines if '"ERROR"' in line or line.startswith("Traceback")]

    @contextmanager
    def staff_at_work(self, address: str) -> Iterator[None]:
        """Bao holds the address in the file of who has this e-mail address. No page does so yet:
        staff read and check without keeping anybody out."""
        self._run(_HOLD.format(address=address, verb="begin", more=", now=timezone.now()"))
        yield
        self._run(_HOLD.format(address=address, verb="end", more=""))

    def let_in(self, people: list[Person]) -> None:
        """From now on these people are here: their account is active, their file complete."""
        rows = [asdict(person) for person in people]
        self._run(
            f"from tests.browser.walks.people import let_in; let_in({rows}, password={PASSWORD!r})"
        )

    def _run(self, code: str) -> None:
        command = [*CANDIDE, "shell", "-v0", "-c", code]
        subprocess.run(command, cwd=ROOT, env=self.settings, check=True)


@contextmanager
def running() -> Iterator[Demonstration]:
    if at := os.environ.get("WALK_AT"):
        yield Demonstration(at.rstrip("/"), without_django())
        return
    with ExitStack() as ends:
        home = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="candide-walk-")))
        database = ends.enter_context(copied_database(home))
        web, provider = free_port(), free_port()
        settings = environment(home, database, web=web, provider=provider)
        log = home / "log"
        for command in (["serve"], ["worker"], ["oidc-demo", f"--port={provider}"]):
            ends.enter_context(process(command, settings, log))
        url = settings["CANDIDE_BASE_URL"]
        wait_until_it_answers(url, log)
        yield Demonstration(url, settings, log)


# -- Its data -------------------------------------------------------------------------------------


@contextmanager
def copied_database(home: Path) -> Iterator[str]:
    """The URL of a database of our own with the demonstration in it, its files in `home`."""
    with loaded() as template:
        shutil.copytree(template / "files", home / "files")
        (home / "static").symlink_to(template / "static")
        if connection.vendor == "sqlite":
            shutil.copy(template / "candide.sqlite3", home)
            yield f"sqlite:///{home / 'candide.sqlite3'}"
            return
        name = f"walk_{os.getpid()}"
        with administration() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template_database()}")
    try:
        yield database_url(name)
    finally:
        with administration() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def loaded() -> Iterator[Path]:
    """The folder of a demonstration loaded today, by whoever needs it first; nobody else loads or
    removes one meanwhile."""
    place = PLACE / f"walk-{connection.vendor}-{digest()}"
    with (PLACE / "walk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_loaded(place):
            for outdated in PLACE.glob(f"walk-{connection.vendor}-*"):
                shutil.rmtree(outdated)
            load(place)
        yield place


def is_loaded(place: Path) -> bool:
    if not (place / "done").exists():
        return False
    if connection.vendor == "sqlite":
        return True
    with administration() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template_database()])
        return cursor.fetchone() is not None


def load(place: Path) -> None:
    place.mkdir(parents=True)
    if connection.vendor == "sqlite":
        shutil.copy(migrated_template(), place / "candide.sqlite3")
        database = f"sqlite:///{place / 'candide.sqlite3'}"
    else:
        migrated = os.environ.get("TEST_DATABASE_TEMPLATE", "template1")
        with administration() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {template_database()}")
            cursor.execute(f"CREATE DATABASE {template_database()} TEMPLATE {migrated}")
        database = database_url(template_database())
    settings = environment(place, database, web=1, provider=2)
    for command in (["prepare", "-v0"], ["demo", f"--size={SIZES[connection.vendor]}"]):
        subprocess.run(
            [*CANDIDE, *command], cwd=ROOT, env=settings, check=True, stdout=subprocess.DEVNULL
        )
    (place / "done").touch()


@cache
def digest() -> str:
    """Changes with the day, with the tables, and with what the demonstration is made of; not while
    the tests run."""
    made_of = hashlib.sha256(f"{date.today()} {migrations_digest()}".encode())  # noqa: DTZ011 -- its own day
    for folder in (
        "candide/demo",
        "candide/institution/pages/starter",
        "candide/institution/reference/data",
    ):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                made_of.update(path.read_bytes())
    return made_of.hexdigest()[:16]


def template_database() -> str:
    return f"walk_template_{digest()}"


def database_url(name: str) -> str:
    """The database `name` of the cluster the tests run on."""
    outside = os.environ["CANDIDE_DATABASE_URL"]
    return outside.rpartition("/")[0] + f"/{name}"


@contextmanager
def administration() -> Iterator[psycopg.Cursor]:
    with (
        psycopg.connect(database_url("postgres"), autocommit=True) as outside,
        outside.cursor() as cursor,
    ):
        yield cursor


# -- Its processes --------------------------------------------------------------------------------


def environment(home: Path, database: str, *, web: int, provider: int) -> dict[str, str]:
    return {
        **{name: value for name, value in without_django().items() if "CANDIDE" not in name},
        "CANDIDE_DEMO": "1",
        "CANDIDE_DATA_DIR": str(home),
        "CANDIDE_DATABASE_URL": database,
        "CANDIDE_SECRET_KEY": "tests-only-" + "x" * 50,
        "CANDIDE_LISTEN": f"127.0.0.1:{web}",
        "CANDIDE_BASE_URL": f"http://127.0.0.1:{web}",
        "CANDIDE_WEB_WORKERS": "1",
        "CANDIDE_OIDC_ISSUER": f"http://127.0.0.1:{provider}",
        "CANDIDE_OIDC_CLIENT_ID": "candide",
        "CANDIDE_OIDC_CLIENT_SECRET": "candide-demonstration",
        "PYTHONUNBUFFERED": "1",
    }


def without_django() -> dict[str, str]:
    """The environment around us, but for the settings of the tests."""
    return {name: os.environ[name] for name in os.environ if name != "DJANGO_SETTINGS_MODULE"}


@contextmanager
def process(command: list[str], settings: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("ab") as out:
        child = subprocess.Popen(
            [*CANDIDE, *command],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until_it_answers(url: str, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        with (
            suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            opener.open(f"{url}/healthz", timeout=5),
        ):
            return
        time.sleep(0.1)
    raise AssertionError(f"the demonstration does not answer:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
