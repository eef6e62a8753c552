"""The database of a backup: PostgreSQL's own dump, or a copy SQLite makes of itself. Both are taken
while the service runs, and put back whole or not at all."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection as _connection
from django.db.backends.postgresql.client import DatabaseClient

connection: Any = _connection  # what it has besides depends on the database

# Sessions and counts of attempts: nobody is signed in again by a restored backup.
NOT_KEPT = ("accounts_visit", "candide_cache")
TAIL = 2000


class Failed(Exception):
    """A program of PostgreSQL ended badly; the text is its own."""


def dump(path: Path) -> None:
    """Write the database as it is at one moment to `path`."""
    if connection.vendor == "sqlite":
        _copy_sqlite(path)
    else:
        left_out = [f"--exclude-table-data={table}" for table in NOT_KEPT]
        _run(_order("pg_dump", "--format=custom", "--no-owner", *left_out, f"--file={path}"))


def load(path: Path) -> None:
    """Put what `dump` wrote in place of all there is."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        source = connection.Database.connect(str(path))
        try:
            source.backup(connection.connection)
        finally:
            source.close()
    else:
        _load_postgresql(path)


def others_connected() -> int:
    """How many other connections the database has; of SQLite nobody knows."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _copy_sqlite(path: Path) -> None:
    connection.ensure_connection()
    target = connection.Database.connect(str(path))
    try:
        connection.connection.backup(target)
        for table in set(NOT_KEPT).intersection(tables()):
            target.execute(f"DELETE FROM {table}")  # noqa: S608 -- one of our own
        target.commit()
        # One file, and what was deleted is not in it.
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("VACUUM")
    finally:
        target.close()


def _load_postgresql(path: Path) -> None:
    """In one transaction, which is ended only once the whole dump was read: either all is as in
    the backup, or nothing has changed. Tables go one by one rather than with their schema, which
    may be somebody else's."""
    quoted = [connection.ops.quote_name(table) for table in tables()]
    drop = f"DROP TABLE {', '.join(quoted)} CASCADE;" if quoted else ""
    connection.close()
    reading = [
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--file=-",
        str(path),
    ]
    writing, environment = _order("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")
    with (
        tempfile.TemporaryFile() as said,
        _started(reading, None, said, stdout=subprocess.PIPE) as source,
        _started([*writing, "--output=/dev/null"], environment, said) as target,
    ):
        with suppress(BrokenPipeError):  # whoever ended first says why
            target.stdin.write(f"BEGIN; {drop}\n".encode())
            shutil.copyfileobj(source.stdout, target.stdin)
            if source.wait() == 0:
                target.stdin.write(b"COMMIT;\n")
        target.stdin.close()
        source.stdout.close()
        if source.wait() or target.wait():
            said.seek(0)
            raise Failed(said.read().decode(errors="replace")[-TAIL:].strip())


def _started(
    order: list[str], environment: dict[str, str] | None, said: Any, stdout: int | None = None
) -> Any:
    """A program of PostgreSQL at work; nothing that is written to it waits in this process."""
    return subprocess.Popen(  # noqa: S603 -- PostgreSQL's own program
        order,
        env=environment,
        stdin=subprocess.PIPE if stdout is None else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if stdout is None else stdout,
        stderr=said,
        bufsize=0,
    )


def _order(program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """A command that connects as Candide does. A password is in its environment, not in what
    everybody on the machine may read."""
    settings = connection.settings_dict
    order, environment = DatabaseClient.settings_to_cmd_args_env(settings, list(arguments))
    return [program, *order[1:]], {**os.environ, **(environment or {})}


def _run(order: tuple[list[str], dict[str, str]]) -> None:
    arguments, environment = order
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own program
        arguments, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    if done.returncode:
        raise Failed(f"{arguments[0]}: {done.stderr.decode(errors='replace')[-TAIL:].strip()}")
