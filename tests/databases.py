"""Databases of the tests that are there at once: what migrations make is made once and copied;
`python -m tests.databases` makes the file on SQLite ahead."""

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import django
import pysqlite3
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
IN_MEMORY = "file:candide?mode=memory&cache=shared"  # each process has its own memory
OUTDATED_SECONDS = 3600  # before that another run may still be reading it
PLACE = Path(tempfile.gettempdir()) / f"candide-tests-{os.getuid()}"


@contextmanager
def sqlite_in_memory() -> Iterator[None]:
    """Give the connection a migrated database in memory, shared with the live server's thread."""
    template = migrated_template()
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = IN_MEMORY
    connection.ensure_connection()
    with closing(pysqlite3.connect(template)) as source:
        source.backup(connection.connection)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def migrated_template() -> Path:
    """A file with all migrations applied; made anew when one changed, by one process at a time."""
    template = PLACE / f"template-{migrations_digest()}.sqlite3"
    with (PLACE / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for other in PLACE.glob("template-*.sqlite3"):
                if time.time() - other.stat().st_mtime > OUTDATED_SECONDS:
                    other.unlink(missing_ok=True)
            unfinished = PLACE / "unfinished.sqlite3"
            unfinished.unlink(missing_ok=True)
            migrate(unfinished)
            unfinished.rename(template)
    return template


def migrations_digest() -> str:
    digest = hashlib.sha256(str(pysqlite3.sqlite_version).encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.name):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def migrate(path: Path) -> None:
    outside = {name: value for name, value in os.environ.items() if "CANDIDE" not in name}
    outside.pop("DJANGO_SETTINGS_MODULE", None)
    ours = {"CANDIDE_DEBUG": "1", "CANDIDE_DATABASE_URL": f"sqlite:///{path}"}
    subprocess.run(
        [sys.executable, "-m", "candide", "migrate", "-v0"],
        cwd=ROOT,
        env={**outside, **ours, "CANDIDE_DATA_DIR": str(PLACE)},
        check=True,
    )
    # One file, whole: what is still in the write-ahead log goes into it.
    with closing(pysqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=DELETE")


def drop_database() -> None:
    """Drop the test database even if a thread of a live server, waiting for the next request of a
    browser, still holds a connection to it."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


# -- Emptying after a test that committed ---------------------------------------------------------

# What migrations put there, and every test may count on.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables(_case: object = None) -> None:
    """Delete the rows of the tables that have some. Django would truncate them all and announce a
    migration, which takes longer than most tests."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{t}' WHERE {_has_rows(t)}" for t in tables()))
        filled = [name for (name,) in cursor.fetchall()]
        if connection.vendor == "postgresql":
            deletions = "".join(f'DELETE FROM "{name}";' for name in filled)  # noqa: S608 -- as above
            cursor.execute(
                "SET session_replication_role = replica;"  # foreign keys are not asked
                f"{deletions}SET session_replication_role = DEFAULT"
            )
            return
        with connection.constraint_checks_disabled():
            for name in filled:
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 -- as above


@cache
def tables() -> list[str]:
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sorted(set(found) - KEPT)


def _has_rows(table: str) -> str:
    return f'EXISTS (SELECT 1 FROM "{table}")'  # noqa: S608 -- as above


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    migrated_template()
