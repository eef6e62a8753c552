"""A folder of spreadsheets that an institution without a student system fills (CSV or .xlsx), and
one it gets back: who was admitted.

`etudiants` (students), `cursus` (their years here), `formations` (programmes), `periodes` (years or
periods of campaigns), `pieces` (documents, each a file in the folder `pieces`), and a nomenclature
in a file of the name of its table (docs/reference-data.md). A file that is not there says nothing.
Each is read again once it changed.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils.timezone import get_default_timezone

from candide.core.blockers import Refused
from candide.core.spreadsheet import cells_at, places_of, table_of
from candide.core.text import fold
from candide.integrations.sis.none import NoStudentSystem
from candide.integrations.sis.port import (
    Enrolling,
    HandedOver,
    HeldDocument,
    MadeFile,
    Nomenclatures,
    OfferedProgramme,
    Period,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudiesYear,
    Unavailable,
    Verdict,
    Wish,
)
from candide.integrations.sis.wire import WireSettings, deployed

MOST_FOUND = 50
FORMULAS = {"=", "@", "+", "-", "|", "%"}
ENDINGS = (".xlsx", ".csv")
DEFAULT_FRANCE = "99100"
# What a column is called in the files, by the name it has here.
STUDENTS = {
    "student_number": "numero_etudiant",
    "login": "identifiant",
    "ine": "ine",
    "civility": "civilite",
    "birth_name": "nom_naissance",
    "usual_name": "nom_usage",
    "first_name": "prenom",
    "other_first_name": "autre_prenom",
    "born_on": "date_naissance",
    "birth_country": "pays_naissance",
    "birth_department": "departement_naissance",
    "birth_city": "ville_naissance",
    "nationality": "nationalite",
    "email": "courriel",
    "phone": "telephone",
    "mobile": "portable",
    "address.country": "adresse_pays",
    "address.line_1": "adresse_ligne1",
    "address.line_2": "adresse_ligne2",
    "address.line_3": "adresse_ligne3",
    "address.postcode": "adresse_code_postal",
    "address.commune": "adresse_commune_insee",
    "address.foreign_city": "adresse_ville_etrangere",
    "baccalaureate.series": "bac_serie",
    "baccalaureate.year": "bac_annee",
    "baccalaureate.honours": "bac_mention",
    "baccalaureate.country": "bac_pays",
    "baccalaureate.department": "bac_departement",
    "baccalaureate.commune": "bac_commune_insee",
    "baccalaureate.school": "bac_etablissement",
    "baccalaureate.speciality_1": "bac_specialite1",
    "baccalaureate.speciality_2": "bac_specialite2",
    "baccalaureate.speciality_dropped": "bac_specialite_abandonnee",
    "baccalaureate.options": "bac_options",
}
STUDIES = {
    "student_number": "numero_etudiant",
    "year": "annee",
    "code": "code",
    "label": "libelle",
    "result": "resultat",
    "honours": "mention",
    "mark": "note",
    "scale": "bareme",
}
PROGRAMMES = {
    "code": "code",
    "label": "libelle",
    "version": "version",
    "diploma": "diplome",
    "diploma_version": "version_diplome",
    "management_centre": "centre_gestion",
}
PERIODS = {"code": "code", "label": "libelle"}
DOCUMENTS = {
    "student_number": "numero_etudiant",
    "code": "code",
    "year": "annee",
    "name": "libelle",
    "expires_on": "date_expiration",
    "file": "fichier",
}
FILES = ("etudiants", "cursus", "formations", "periodes", "pieces")
TABLES = ("series", "specialities", "options", "honours", "diploma_families", "result_types")
MORE_TABLES = ("diploma_types", "study_regimes", "fee_exemptions", "schools")
ADMITTED = (
    *("numero_dossier", "code_inscription", "numero_etudiant", "ine", "civilite"),
    *("nom_naissance", "nom_usage", "prenom", "autre_prenom", "date_naissance"),
    *("pays_naissance", "departement_naissance", "ville_naissance", "nationalite"),
    *("courriel", "telephone", "portable", "adresse_ligne1", "adresse_ligne2", "adresse_ligne3"),
    *("adresse_code_postal", "adresse_commune_insee", "adresse_ville_etrangere", "adresse_pays"),
    *("bac_serie", "bac_annee", "campagne", "formation", "version", "diplome"),
    *("regime", "exoneration", "montant", "situation"),
)

Row = dict[str, str]


class Spreadsheets(NoStudentSystem):
    knows_students = True
    knows_programmes = True
    knows_periods = True
    people_at_once = 1000
    makes_files = True

    def __init__(self, settings: WireSettings | None = None) -> None:
        self.folder = Path((settings or deployed()).folder)

    # -- Students ------------------------------------------------------------------------------
    def student_by_number(self, student_number: str) -> Student | None:
        return self._student("student_number", student_number.strip())

    def student_by_ine(self, ine: str) -> Student | None:
        return self._student("ine", ine.strip().upper())

    def student_by_login(self, login: str) -> Student | None:
        return self._student("login", login.strip())

    def _student(self, key: str, value: str) -> Student | None:
        if not value:
            return None
        found = [
            row for row in self._rows("etudiants", STUDENTS) if row[key].upper() == value.upper()
        ]
        return _student_of(found[0]) if len(found) == 1 else None

    def studies(self, student_number: str) -> list[StudiesYear]:
        rows = self._rows_of("cursus", STUDIES, student_number)
        years = [_made(StudiesYear, row) for row in rows]
        return sorted(years, key=lambda year: (year.year, year.code))

    # -- Documents -----------------------------------------------------------------------------
    def held_documents(
        self, student_number: str, kinds: Collection[str] = ()
    ) -> list[HeldDocument]:
        return [
            HeldDocument(
                code=row["code"],
                year=row["year"],
                name=row["name"] or row["code"],
                expires_on=_day(row["expires_on"]),
            )
            for row in self._rows_of("pieces", DOCUMENTS, student_number)
        ]

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        for row in self._rows_of("pieces", DOCUMENTS, student_number):
            if (row["code"], row["year"]) == (document.code, document.year):
                # The name alone: no row leads out of the folder.
                path = self.folder / "pieces" / Path(row["file"]).name
                try:
                    return path.read_bytes()
                except OSError:
                    break
        raise LookupError(document.code)

    # -- Programmes and nomenclatures ----------------------------------------------------------
    def programmes(self, words: str) -> list[OfferedProgramme]:
        wanted = fold(words).split()
        if not wanted:
            return []
        offered = (_made(OfferedProgramme, row) for row in self._rows("formations", PROGRAMMES))
        found = [
            each
            for each in offered
            if all(word in fold(f"{each.code} {each.label}") for word in wanted)
        ]
        return found[:MOST_FOUND]

    def periods(self) -> list[Period]:
        found = [_made(Period, row) for row in self._rows("periodes", PERIODS) if row["code"]]
        return sorted(found, key=lambda period: period.code, reverse=True)

    def versions(self) -> dict[str, str]:
        """Of each file there is, from when it is and how many lines it has."""
        found = {}
        for name in (*FILES, *TABLES, *MORE_TABLES):
            path = self._file(name)
            if path is not None:
                stamp = _stamp(path)
                rows = _read(path, stamp)[1]
                moment = datetime.fromtimestamp(stamp[0] / 1e9, tz=get_default_timezone())
                found[path.name] = f"{moment:%d/%m/%Y %H:%M}, {len(rows)}"
        return found

    def nomenclatures(self) -> Nomenclatures:
        tables = {name: self._table(name) for name in (*TABLES, *MORE_TABLES)}
        return {name: rows for name, rows in tables.items() if rows}

    def _table(self, name: str) -> list[Row]:
        path = self._file(name)
        if path is None:
            return []
        heading, rows = _read(path, _stamp(path))
        columns = {str(cell).strip(): str(cell).strip() for cell in heading if str(cell).strip()}
        places = places_of(heading, lambda: columns)
        return [row for row in (cells_at(cells, places) for cells in rows) if row.get("code")]

    # -- Reading -------------------------------------------------------------------------------
    def _rows_of(self, name: str, columns: Row, student_number: str) -> list[Row]:
        number = student_number.strip()
        rows = self._rows(name, columns) if number else ()
        return [row for row in rows if row["student_number"] == number]

    def _rows(self, name: str, columns: Row) -> Iterator[Row]:
        """The rows of a file, every column of ours in each."""
        path = self._file(name)
        if path is None:
            return
        heading, rows = _read(path, _stamp(path))
        places = places_of(heading, lambda: columns)
        empty = dict.fromkeys(columns, "")
        for cells in rows:
            yield {**empty, **cells_at(cells, places)}

    def _file(self, name: str) -> Path | None:
        if not self.folder.is_dir():
            raise Unavailable("the folder of the spreadsheets is not there")
        paths = (self.folder / f"{name}{ending}" for ending in ENDINGS)
        return next((path for path in paths if path.is_file()), None)

    # -- Hand-over -----------------------------------------------------------------------------
    def hand_over(self, people: Sequence[Enrolling], *, on: date, number: int) -> HandedOver:
        news = [(each, wish) for each in people for wish in each.wishes if wish.is_news]
        if not news:
            return HandedOver()
        verdicts = {
            wish.key: Verdict(is_accepted=True if wish.is_withdrawn else None)
            for _each, wish in news
        }
        suffix = "" if number == 1 else f"-{number}"
        made = MadeFile(name=f"admis-{on:%Y%m%d}{suffix}.csv", content=_admitted(news))
        codes = {each.file_number: each.code for each in people}
        return HandedOver(verdicts=verdicts, codes=codes, files=(made,))


@lru_cache(maxsize=32)
def _read(path: Path, stamp: tuple[int, int]) -> tuple[Sequence[Any], list[list[Any]]]:
    """The cells of a file as it was at that moment."""
    try:
        table = table_of(path.read_bytes())
    except (OSError, Refused):
        raise Unavailable(f"{path.name} cannot be read") from None
    return table.heading, table.rows


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        raise Unavailable(f"{path.name} cannot be read") from None
    return found.st_mtime_ns, found.st_size


# -- From rows to students, and back ---------------------------------------------------------------
def _student_of(row: Row) -> Student | None:
    born = _day(row["born_on"])
    if born is None:
        return None
    plain = {name: value for name, value in row.items() if "." not in name and name != "login"}
    for name in ("birth_country", "nationality"):
        plain[name] = plain[name] or DEFAULT_FRANCE
    plain["ine"] = plain["ine"].upper()
    parts: dict[str, Any] = {**plain, "born_on": born, "address": _address(row)}
    return Student(**parts, baccalaureate=_baccalaureate(row))


def _under(row: Row, prefix: str) -> Row:
    return {
        name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)
    }


def _address(row: Row) -> StudentAddress | None:
    found = _under(row, "address.")
    if not found["line_1"]:
        return None
    return StudentAddress(**{**found, "country": found["country"] or DEFAULT_FRANCE})


def _baccalaureate(row: Row) -> StudentBaccalaureate | None:
    found: dict[str, Any] = _under(row, "baccalaureate.")
    if not found["series"]:
        return None
    year = found.pop("year")
    return StudentBaccalaureate(
        **{
            **found,
            "year": int(year) if year.isdigit() else None,
            "options": tuple(found["options"].replace(",", " ").split()),
        }
    )


def _made(kind: type[Any], row: Row) -> Any:
    names = {each.name for each in fields(kind)}
    return kind(**{name: value for name, value in row.items() if name in names})


def _day(written: str) -> date | None:
    """A day as a spreadsheet keeps it, or as people in France write it."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(written.strip(), form).date()  # noqa: DTZ007 -- a day alone
        except ValueError:
            continue
    return None


def _admitted(news: Sequence[tuple[Enrolling, Wish]]) -> bytes:
    """A line for each programme somebody will enrol in, or no longer will."""
    out = StringIO()
    writer = csv.DictWriter(
        out, ADMITTED, restval="", delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n"
    )
    writer.writeheader()
    for each, wish in news:
        line = _line(each, wish)
        writer.writerow({name: _safe(" ".join(cell.split())) for name, cell in line.items()})
    return ("\ufeff" + out.getvalue()).encode()


def _safe(cell: str) -> str:
    """No cell is taken for a formula by whoever opens the file; a telephone number is none."""
    return f"'{cell}" if cell[:1] in FORMULAS and not cell[1:].isdigit() else cell


def _line(each: Enrolling, wish: Wish) -> Row:
    person = each.person
    address, baccalaureate = person.address, person.baccalaureate
    year = baccalaureate.year if baccalaureate else None
    return {
        "numero_dossier": each.file_number,
        "code_inscription": each.code,
        "numero_etudiant": person.student_number,
        "ine": person.ine,
        "civilite": person.civility,
        "nom_naissance": person.birth_name,
        "nom_usage": person.usual_name,
        "prenom": person.first_name,
        "autre_prenom": person.other_first_name,
        "date_naissance": f"{person.born_on:%d/%m/%Y}",
        "pays_naissance": person.birth_country,
        "departement_naissance": person.birth_department,
        "ville_naissance": person.birth_city,
        "nationalite": person.nationality,
        "courriel": person.email,
        "telephone": person.phone,
        "portable": person.mobile,
        "adresse_ligne1": address.line_1 if address else "",
        "adresse_ligne2": address.line_2 if address else "",
        "adresse_ligne3": address.line_3 if address else "",
        "adresse_code_postal": address.postcode if address else "",
        "adresse_commune_insee": address.commune if address else "",
        "adresse_ville_etrangere": address.foreign_city if address else "",
        "adresse_pays": address.country if address else "",
        "bac_serie": baccalaureate.series if baccalaureate else "",
        "bac_annee": str(year or ""),
        "campagne": wish.campaign,
        "formation": wish.programme,
        "version": wish.programme_version,
        "diplome": wish.diploma,
        "regime": wish.regime,
        "exoneration": wish.exemption,
        "montant": "" if wish.fee is None else str(wish.fee),
        "situation": "désistement" if wish.is_withdrawn else "admis",
    }
