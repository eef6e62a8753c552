"""The database of eCandidat: opened read-only, seen as it was at one moment, read in batches."""

import errno
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Row = dict[str, Any]

BATCH = 500
SCHEMES = {"mysql", "mariadb"}
# Without these it is no database of eCandidat.
NEEDED = frozenset({"campagne", "centre_candidature", "commission", "formation", "i18n_traduction"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Unavailable(Exception):
    """The database cannot be read; `reason` tells why: `missing_driver`, `address`, `connection`
    (with what the server said), `not_ecandidat` (with the tables that lack) or `column` (with the
    column another version of eCandidat lacks)."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the database is and who reads it."""

    database: str
    user: str = ""
    password: str = ""
    host: str = "localhost"
    port: int = 3306
    socket: str = ""
    authority: str = ""


def address_of(url: str, *, password: str = "") -> Address:
    """`mysql://user:password@host:3306/database`, or `…/database?socket=/run/mysqld/mysqld.sock`;
    with `?ca=/etc/ssl/db.pem` the server must prove itself by that authority, and nobody listens.
    A `password` given apart counts before that of the address. Raises `Unavailable`."""
    try:
        parts = urlsplit(url)
        port = parts.port or 3306
    except ValueError as error:
        raise Unavailable("address") from error
    database = unquote(parts.path.strip("/"))
    if parts.scheme not in SCHEMES or not database or "/" in database:
        raise Unavailable("address")
    more = parse_qs(parts.query)
    return Address(
        database=database,
        user=unquote(parts.username or ""),
        password=password or unquote(parts.password or ""),
        host=parts.hostname or "localhost",
        port=port,
        socket=more.get("socket", [""])[0],
        authority=more.get("ca", [""])[0],
    )


class _Row(dict[str, Any]):
    """A row that says which column it lacks."""

    def __missing__(self, name: str) -> Any:
        raise Unavailable("column", name)


class Database:
    """An open connection; a context manager that closes it."""

    def __init__(self, address: Address) -> None:
        driver = _driver()
        self._error = driver.MySQLError
        if address.socket and not Path(address.socket).exists():
            raise Unavailable("connection", f"{address.socket}: {os.strerror(errno.ENOENT)}")
        try:
            self._connection = driver.connect(
                user=address.user,
                password=address.password,
                database=address.database,
                charset="utf8mb4",
                connect_timeout=10,
                read_timeout=600,
                cursorclass=_cursor(driver),
                **_way(address),
            )
        except driver.MySQLError as error:
            raise Unavailable("connection", str(error.args[-1])) from error
        try:
            self._ask("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self._ask("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            tables = self._ask("SHOW TABLES")
        except Unavailable:
            self.close()
            raise
        self._tables = {str(next(iter(row.values()))).lower() for row in tables}
        if missing := NEEDED - self._tables:
            self.close()
            raise Unavailable("not_ecandidat", ", ".join(sorted(missing)))

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def has(self, table: str) -> bool:
        """Whether this version of eCandidat has the table."""
        return table in self._tables

    def count(self, table: str) -> int:
        if not self.has(table):
            return 0
        found = self._ask(f"SELECT COUNT(*) AS number FROM {_quoted(table)}")  # noqa: S608 -- checked name
        return int(found[0]["number"])

    def all(self, table: str) -> list[Row]:
        """Every row of a small table."""
        if not self.has(table):
            return []
        return self._ask(f"SELECT * FROM {_quoted(table)}")  # noqa: S608 -- checked name

    def batches(self, table: str, *, key: str, **where: Any) -> Iterator[list[Row]]:
        """The rows of `table` by their `key`, a batch at a time; those whose columns are as `where`
        says."""
        if not self.has(table):
            return
        conditions = [f"{_quoted(name)} = %s" for name in where]
        values = list(where.values())
        last: Any = None
        while True:
            both = [*conditions, *([f"{_quoted(key)} > %s"] if last is not None else [])]
            narrowed = f" WHERE {' AND '.join(both)}" if both else ""
            found = self._ask(
                f"SELECT * FROM {_quoted(table)}{narrowed} ORDER BY {_quoted(key)} LIMIT {BATCH}",  # noqa: S608 -- checked names
                [*values, *([last] if last is not None else [])],
            )
            if found:
                yield found
            if len(found) < BATCH:
                return
            last = found[-1][key]

    def of(self, table: str, column: str, keys: Iterable[Any]) -> list[Row]:
        """The rows of `table` whose `column` is one of `keys`."""
        if not self.has(table):
            return []
        found: list[Row] = []
        remaining = iter(sorted(set(keys), key=str))
        while some := list(islice(remaining, BATCH)):
            places = ", ".join(["%s"] * len(some))
            found += self._ask(
                f"SELECT * FROM {_quoted(table)} WHERE {_quoted(column)} IN ({places})",  # noqa: S608 -- checked names
                some,
            )
        return found

    def _ask(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql, values or None)
                return list(cursor.fetchall())
        except self._error as error:
            raise Unavailable("connection", str(error.args[-1])) from error


def _driver() -> ModuleType:
    try:
        import pymysql.cursors  # noqa: PLC0415 -- of the extra [migration]
    except ImportError as error:
        raise Unavailable("missing_driver") from error
    return pymysql


def _cursor(driver: ModuleType) -> Any:
    return type("Cursor", (driver.cursors.DictCursor,), {"dict_type": _Row})


def _way(address: Address) -> dict[str, Any]:
    if address.socket:
        return {"unix_socket": address.socket}
    secured = {"ssl_ca": address.authority, "ssl_verify_cert": True, "ssl_verify_identity": True}
    way = {"host": address.host, "port": address.port}
    return {**way, **secured} if address.authority else way


def _quoted(name: str) -> str:
    """A name of a table or column of ours, as SQL wants it."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    return f"`{name}`"
