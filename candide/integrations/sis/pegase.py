"""Pégase read by its services (REST, a token for an hour) [5.3–5.6]; what is handed over goes by
files, as `files.py` says [5.7.3].

Its modules are services of their own: IDT knows people, INS-EXT their enrolments, COC the published
results, ODF what is taught, REF the nomenclatures.
"""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from candide.core.text import fold
from candide.integrations.sis.apogee_codes import civility, country, department
from candide.integrations.sis.files import PegaseFiles
from candide.integrations.sis.port import (
    Nomenclatures,
    OfferedProgramme,
    Period,
    Student,
    StudentAddress,
    StudentBaccalaureate,
    StudiesYear,
    Unavailable,
)
from candide.integrations.sis.wire import (
    FORBIDDEN,
    Answer,
    Garbled,
    Wire,
    WireSettings,
    deployed,
    text_of,
)

MOST_FOUND = 50
PAGE = 1000
PERIOD = "PERIODE"
SERVER_ERROR = 500
NOT_FOUND = 404
REDIRECTS = range(300, 400)
MOST_PAGES = 200
TOKEN_SECONDS = 50 * 60  # renewed before the hour is over
TOKEN_DOTS = 2  # three parts
RESULT_DEPTH = 3  # how deep a result of a whole year stands in its path
DEFAULT_FRANCE = "99100"
# Their nomenclature, our table. What the public lists know better is left to them.
TABLES = {
    "SerieBac": "series",
    "SpecialitesBacGeneral": "specialities",
    "MentionBac": "honours",
    "TypeResultat": "result_types",
    "TypeDiplome": "diploma_types",
}
_tokens: dict[tuple[str, str], tuple[str, float]] = {}  # of this process, none is stored


@dataclass(frozen=True)
class Light:
    """What a module is asked to learn whether it is there, without asking about anybody."""

    place: str
    asked: dict[str, str] | None = None
    is_of_somebody: bool = False  # 404 where nobody has such a number


NOBODY = "candide"
LIGHT = {
    "idt": Light("etablissements/{institution}/identites/apprenants", {"codeApprenant": NOBODY}),
    "ins-ext": Light("gestion/inscription/{institution}/{nobody}", is_of_somebody=True),
    "coc": Light(
        "etablissements/{institution}/periodes/{nobody}/apprenants/{nobody}/chemins/{nobody}",
        is_of_somebody=True,
    ),
    "odf": Light("etablissements/{institution}/espaces", {"type": PERIOD, "taille": "1"}),
    "ref": Light("nomenclatures/SerieBac", {"numPage": "0", "nbOccurences": "1"}),
}


class PegaseSystem(PegaseFiles):
    knows_students = True
    knows_programmes = True
    knows_periods = True

    def __init__(self, settings: WireSettings | None = None) -> None:
        self.settings = settings or deployed()
        self.wire = Wire("pegase", self.settings)

    # -- Students ------------------------------------------------------------------------------
    def student_by_number(self, student_number: str) -> Student | None:
        return self._student("student_by_number", "codeApprenant", student_number.strip())

    def student_by_ine(self, ine: str) -> Student | None:
        return self._student("student_by_ine", "ine", ine.strip().upper())

    def _student(self, call: str, key: str, value: str) -> Student | None:
        """Searched first: only who is the one found is asked for."""
        if not value:
            return None
        people = f"etablissements/{self.settings.institution}/identites"
        found = self._get(call, "idt", f"{people}/apprenants", {key: value})
        hits = _list(found, "items")
        if len(hits) != 1:
            return None
        identity = self._get(call, "idt", f"{people}/{quote(_text(hits[0], 'id'), safe='')}")
        return _student_of(identity) if isinstance(identity, dict) else None

    def studies(self, student_number: str) -> list[StudiesYear]:
        number = student_number.strip()
        if not number:
            return []
        place = f"gestion/inscription/{self.settings.institution}/{quote(number, safe='')}"
        found = self._get("studies", "ins-ext", place)
        years = [line for row in _list(found, "inscriptions") for line in self._lines(number, row)]
        return sorted(years, key=lambda year: (year.year, year.code))

    def _lines(self, number: str, row: dict[str, Any]) -> Iterator[StudiesYear]:
        """The enrolment, or the results that were published of it."""
        year = _year(_text(row, "anneeUniv"))
        label = " / ".join(
            part
            for part in (_text(row, "libelleCourtFormation"), _text(row, "libelleCourt"))
            if part
        )
        place = (
            f"etablissements/{self.settings.institution}/periodes/{_part(row, 'codePeriode')}"
            f"/apprenants/{quote(number, safe='')}/chemins/{_part(row, 'codeChemin')}"
        )
        published = self._get("studies", "coc", place)
        results = [line for line in _list(published, "") if _is_of_a_year(line)]
        for line in results:
            yield StudiesYear(
                year=year,
                code=_text(line, "codeFeuille"),
                label=" / ".join(part for part in (label, _text(line, "libCourtFeuille")) if part),
                result=_text(line, "libRes") or _text(line, "codRes"),
                honours=_text(line, "mention"),
                mark=_text(line, "note"),
                scale=_text(line, "bareme"),
            )
        if not results:
            yield StudiesYear(year=year, code=_text(row, "code"), label=label)

    # -- Programmes and nomenclatures ----------------------------------------------------------
    def programmes(self, words: str) -> list[OfferedProgramme]:
        wanted = fold(words).split()
        if not wanted:
            return []
        asked = {
            "r": " ".join(words.split()),
            "taille": str(MOST_FOUND),
            "piaActif": "true",
            "pia": "true",
            "valide": "true",
        }
        place = f"etablissements/{self.settings.institution}/objets-maquette"
        rows = _list(self._get("programmes", "odf", place, asked), "items")
        found = [
            OfferedProgramme(
                code=_text(row, "code"), label=_text(row, "libelleLong") or _text(row, "libelle")
            )
            for row in rows
        ]
        return [
            each
            for each in found
            if each.code and all(word in fold(f"{each.code} {each.label}") for word in wanted)
        ][:MOST_FOUND]

    def periods(self) -> list[Period]:
        """Its spaces of the kind « période »; a campaign has the code of one."""
        place = f"etablissements/{self.settings.institution}/espaces"
        asked = {"type": PERIOD, "taille": str(PAGE)}
        rows = _list(self._get("periods", "odf", place, asked), "items")
        found = [
            Period(
                code=_text(row, "code"), label=_text(row, "libelleLong") or _text(row, "libelle")
            )
            for row in rows
            if _text(row, "type") in {PERIOD, ""} and _text(row, "code")
        ]
        return sorted(found, key=lambda period: period.code, reverse=True)

    def versions(self) -> dict[str, str]:
        """Of each module, the version its address names and what it answers; empty where a gateway
        answers in its place, or the module does not know what is always there."""
        return {module: self._heard(module) for module in LIGHT}

    def _heard(self, module: str) -> str:
        address = self.settings.url.replace("{module}", module).rstrip("/")
        light = LIGHT[module]
        place = light.place.format(institution=self.settings.institution, nobody=NOBODY)
        status = self.wire.ask(
            f"versions: {module}",
            "GET",
            f"{address}/{place}",
            params=light.asked,
            headers={
                "Authorization": f"Bearer {self._token('versions')}",
                "Accept": "application/json",
            },
            read=_status,
        )
        if status is None or (status == NOT_FOUND and not light.is_of_somebody):
            return ""
        version = address.rpartition("/")[2]
        return f"{version} (HTTP {status})" if version != module else f"HTTP {status}"

    def nomenclatures(self) -> Nomenclatures:
        tables = {table: list(self._rows(name)) for name, table in TABLES.items()}
        return {table: rows for table, rows in tables.items() if rows}

    def _rows(self, name: str) -> Iterator[dict[str, str]]:
        for page in range(MOST_PAGES):
            asked = {"numPage": str(page), "nbOccurences": str(PAGE)}
            found = self._get("nomenclatures", "ref", f"nomenclatures/{name}", asked)
            if not isinstance(found, dict):
                return
            for row in _list(found, "nomenclatures"):
                if _text(row, "code"):
                    yield {
                        "code": _text(row, "code"),
                        "name": _text(row, "libelleAffichage"),
                        "is_active": "0" if row.get("temoinVisible") is False else "1",
                    }
            pages = _text(found, "nbTotalPages")
            if not pages.isdigit() or page + 1 >= int(pages):
                return

    # -- Speaking ------------------------------------------------------------------------------
    def _get(self, call: str, module: str, place: str, asked: dict[str, str] | None = None) -> Any:
        """What a service says; None where it knows nothing of the kind."""
        url = f"{self.settings.url.replace('{module}', module).rstrip('/')}/{place}"
        headers = {"Authorization": f"Bearer {self._token(call)}", "Accept": "application/json"}
        try:
            return self.wire.ask(call, "GET", url, params=asked, headers=headers, read=_json)
        except Unavailable as error:
            if any(str(status) in str(error) for status in FORBIDDEN):
                _tokens.pop(self._who, None)  # it may have run out: another one the next time
            raise

    @property
    def _who(self) -> tuple[str, str]:
        return self.settings.auth_url, self.settings.user

    def _token(self, call: str) -> str:
        token, until = _tokens.get(self._who, ("", 0.0))
        if time.time() < until:
            return token
        asked = {
            "username": self.settings.user,
            "password": self.settings.password,
            "token": "true",
        }
        token = self.wire.ask(
            f"{call}: sign-in", "POST", self.settings.auth_url, data=asked, read=_ticket
        )
        _tokens[self._who] = token, time.time() + TOKEN_SECONDS
        return token


# -- From their words to ours ----------------------------------------------------------------------
def _student_of(identity: dict[str, Any]) -> Student | None:
    profile = _part_of(identity, "profilApprenant")
    civil = _part_of(profile, "etatCivil")
    try:
        born = date.fromisoformat(_text(civil, "dateNaissance")[:10])
    except ValueError:
        return None
    contacts = _part_of(profile, "donneesContact")
    birth = _part_of(civil, "communeNaissance")
    return Student(
        student_number=_text(profile, "codeApprenant"),
        civility=civility(_text(civil, "sexe")),
        birth_name=_text(identity, "nomNaissance"),
        usual_name=_text(civil, "nomUsage"),
        first_name=_text(identity, "prenom"),
        other_first_name=_text(civil, "prenom2"),
        born_on=born,
        birth_country=country(_code(civil, "paysNaissance")) or DEFAULT_FRANCE,
        birth_department=department(_department(_text(birth, "code"))),
        birth_city=_text(birth, "libelle") or _text(civil, "libelleCommuneNaissanceEtranger"),
        nationality=country(_code(civil, "nationalite")) or DEFAULT_FRANCE,
        ine=_text(profile, "ineConfirme").upper(),
        email=_text(identity, "mailInstitutionnel") or _text(identity, "mailPersonnel"),
        phone=_text(contacts, "telephoneFixe"),
        mobile=_text(identity, "telephonePortablePersonnel"),
        address=_address_of(contacts),
        baccalaureate=_baccalaureate_of(_part_of(profile, "parcoursScolaireEtUniversitaire")),
    )


def _address_of(contacts: dict[str, Any]) -> StudentAddress | None:
    lines = [
        _text(contacts, f"adresseFixe{name}")
        for name in ("Ligne3Voie", "Ligne1Etage", "Ligne2Batiment")
    ]
    if not lines[0]:
        return None
    return StudentAddress(
        country=country(_code(contacts, "adresseFixePays")) or DEFAULT_FRANCE,
        line_1=lines[0],
        line_2=lines[1],
        line_3=lines[2],
        postcode=_text(contacts, "adresseFixeCodePostal"),
        commune=_text(contacts, "adresseFixeCodeCommune"),
        foreign_city=_text(contacts, "adresseFixeLigne5Etranger"),
    )


def _baccalaureate_of(path: dict[str, Any]) -> StudentBaccalaureate | None:
    series, year = _code(path, "typeSerieBac"), _text(path, "anneeObtentionBac")
    if not series:
        return None
    return StudentBaccalaureate(
        series=series,
        year=int(year) if year.isdigit() else None,
        honours=_code(path, "mentionBac"),
        country=country(_code(path, "paysBac")),
        school=_code(path, "etablissementBac"),
        speciality_1=_code(path, "premiereSpecialiteBac"),
        speciality_2=_code(path, "deuxiemeSpecialiteBac"),
    )


def _department(commune: str) -> str:
    """That of a commune, by its INSEE code: three characters overseas."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def _is_of_a_year(line: dict[str, Any]) -> bool:
    """A published result of what was studied as a whole, not of one of its courses."""
    depth = len([part for part in _text(line, "chemin").split(">") if part.strip()])
    has_result = any(_text(line, name) for name in ("codRes", "note"))
    return has_result and (not depth or depth <= RESULT_DEPTH)


def _year(written: str) -> str:
    return f"{written}-{int(written) + 1}" if written.isdigit() else written


# -- Reading JSON ----------------------------------------------------------------------------------
def _json(answer: Answer) -> Any:
    if answer.is_nothing:
        return None
    if not answer.is_well:
        raise Garbled(f"HTTP {answer.status}")
    try:
        return json.loads(text_of(answer.content))
    except ValueError:
        raise Garbled("no JSON" if answer.content.strip() else "nothing at all") from None


def _status(answer: Answer) -> int | None:
    """What a module says; None of a page or a way elsewhere, which are a gateway's: modules speak
    JSON."""
    if answer.status >= SERVER_ERROR:
        raise Garbled(f"HTTP {answer.status}")
    said = text_of(answer.content).strip()
    is_page = said != "" and said[0] not in "[{"
    return None if is_page or answer.status in REDIRECTS else answer.status


def _ticket(answer: Answer) -> str:
    """A token in three parts, as it comes after signing in."""
    said = text_of(answer.content).strip()
    if answer.status not in {200, 201} or said.count(".") != TOKEN_DOTS:
        raise Garbled(f"HTTP {answer.status}: no token")
    return said


def _list(found: Any, name: str) -> list[dict[str, Any]]:
    rows = found.get(name) if isinstance(found, dict) and name else found
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _part_of(row: dict[str, Any], name: str) -> dict[str, Any]:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _code(row: dict[str, Any], name: str) -> str:
    return _text(_part_of(row, name), "code")


def _part(row: dict[str, Any], name: str) -> str:
    """Part of an address."""
    return quote(_text(row, name), safe="")
