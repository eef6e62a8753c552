"""Every connector, as the contract tests ask it: those that speak over HTTP to a server of ours,
the spreadsheets to a folder with the same students."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from candide.integrations import sis
from candide.integrations.sis.apogee import ApogeeSystem
from candide.integrations.sis.demonstration import DemonstrationStudentSystem, offered, records
from candide.integrations.sis.pegase import PegaseSystem
from candide.integrations.sis.spreadsheets import (
    DOCUMENTS,
    PERIODS,
    PROGRAMMES,
    STUDENTS,
    STUDIES,
    Spreadsheets,
)
from candide.integrations.sis.wire import WireSettings
from tests.integrations.sis import speaking


@contextmanager
def connected(name: str, place: Path) -> Iterator[Any]:
    """The connector `name`, and what it needs to be answered."""
    if name in {"apogee", "pegase"}:
        with speaking.running() as server:
            made = ApogeeSystem(server.apogee) if name == "apogee" else PegaseSystem(server.pegase)
            yield made
    elif name == "spreadsheets":
        fill(place)
        yield Spreadsheets(WireSettings(folder=str(place)))
    else:
        yield sis.SYSTEMS[name]()


def fill(place: Path) -> None:
    """What an institution would have typed into the folder."""
    rows = list(records())
    write(place, "etudiants", STUDENTS, [_student(row) for row in rows])
    years = [
        {"student_number": row["student_number"], **year}
        for row in rows
        for year in row.get("studies", ())
    ]
    write(place, "cursus", STUDIES, years)
    programmes = [vars(each) for each in offered()]
    write(place, "formations", PROGRAMMES, programmes)
    write(place, "pieces", DOCUMENTS, list(_documents(place)))
    periods = [vars(each) for each in DemonstrationStudentSystem().periods()]
    write(place, "periodes", PERIODS, periods)
    write(place, "study_regimes", {"code": "code", "name": "name"}, [{"code": "1", "name": "FI"}])


def write(place: Path, name: str, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    with (place / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", restval="", delimiter=";")
        writer.writerow(columns)
        writer.writerows(rows)


def _student(row: dict[str, Any]) -> dict[str, Any]:
    address, known = row.get("address") or {}, dict(row.get("baccalaureate") or {})
    known["options"] = " ".join(known.get("options", ()))
    return {
        **row,
        "login": row["sign_in"],
        **{f"address.{name}": value for name, value in address.items()},
        **{f"baccalaureate.{name}": value for name, value in known.items()},
    }


def _documents(place: Path) -> Iterator[dict[str, str]]:
    system = DemonstrationStudentSystem()
    (place / "pieces").mkdir()
    for row in records():
        number = row["student_number"]
        for held in system.held_documents(number):
            name = f"{number}-{held.code}.pdf"
            (place / "pieces" / name).write_bytes(system.document_content(number, held))
            expires = f"{held.expires_on:%d/%m/%Y}" if held.expires_on else ""
            yield {
                "student_number": number,
                "code": held.code,
                "year": held.year,
                "name": held.name,
                "expires_on": expires,
                "file": name,
            }
