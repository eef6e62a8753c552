"""eCandidat as the tests fill it, on a real server."""

import csv
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pymysql
import pytest
from django.core.management import call_command

from tests.migration import university
from tests.migration.mariadb import is_installed, temporary_server
from tests.migration.schema import TABLES

DATABASE = "ecandidat"


class Source:
    """The other database: what is there, put there row by row."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self.connection = pymysql.connect(
            unix_socket=str(socket), user="root", charset="utf8mb4", autocommit=True
        )
        self.run(f"CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4")
        self.run(f"USE {DATABASE}")
        for table, columns in TABLES.items():
            said = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
            self.run(f"CREATE TABLE IF NOT EXISTS `{table}` ({said})")
        self.filled: set[str] = set()

    @property
    def address(self) -> str:
        return f"mysql://root@/{DATABASE}?socket={self.socket}"

    def run(self, sql: str, values: Any = None) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.lastrowid

    def put(self, table: str, **values: Any) -> int:
        """A row; the number it got."""
        self.filled.add(table)
        names = ", ".join(f"`{name}`" for name in values)
        places = ", ".join(["%s"] * len(values))
        return self.run(f"INSERT INTO `{table}` ({names}) VALUES ({places})", list(values.values()))  # noqa: S608 -- names of ours

    def words(self, **texts: str) -> int:
        """A text in several languages; its number."""
        pk = self.put("i18n", cod_typ_trad="TEST")
        for language, said in texts.items():
            self.put("i18n_traduction", id_i18n=pk, cod_langue=language, val_trad=said)
        return pk

    def empty(self) -> None:
        for table in self.filled:
            self.run(f"DELETE FROM `{table}`")  # noqa: S608 -- the same
        self.filled.clear()


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Source]:
    if not is_installed():
        pytest.skip("mariadbd is not installed (Debian: mariadb-server-core)")
    with temporary_server() as socket:
        found = Source(socket)
        yield found
        found.connection.close()


@pytest.fixture
def source(mariadb: Source) -> Iterator[Source]:
    """Empty, but for what the test puts there."""
    yield mariadb
    mariadb.empty()


@pytest.fixture
def place(source: Source) -> tuple[int, int, int]:
    """A centre, its commission and a programme, in a campaign."""
    university.campaign(source)
    centre = university.centre(source)
    commission = university.commission(source, centre)
    return centre, commission, university.programme(source, commission)


@pytest.fixture
def bring(source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command as the administrator gives it; what it printed, and the report as it is kept."""
    monkeypatch.delitem(os.environ, "ECANDIDAT_PASSWORD", raising=False)

    def run(*options: str) -> "Outcome":
        output, report = StringIO(), tmp_path / "report.csv"
        call_command(
            "import", "ecandidat", source.address, f"--report={report}", *options, stdout=output
        )
        return Outcome(output.getvalue(), report)

    return run


class Outcome:
    def __init__(self, output: str, report: Path) -> None:
        self.output = output
        with report.open(encoding="utf-8-sig", newline="") as stream:
            self.lines = list(csv.reader(stream, delimiter=";"))

    @property
    def numbers(self) -> dict[str, list[int]]:
        """What was read, made, changed, already there, left out, of each kind."""
        return {
            line[0]: [int(cell) for cell in line[1:6]] for line in self.lines[1:] if not line[7]
        }

    def said(self, kind: str) -> list[tuple[str, str, str]]:
        """(key there, outcome, reason) of what was left out or adjusted."""
        return [tuple(line[6:]) for line in self.lines[1:] if line[0] == kind and line[7]]
