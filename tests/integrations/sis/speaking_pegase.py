"""Pégase as the speaking server answers: sign-in, people, enrolments, results, programmes."""

import json
from collections.abc import Callable
from typing import Any

from candide.integrations.sis.apogee_codes import apogee_country, sex
from candide.integrations.sis.demonstration import DemonstrationStudentSystem, offered, records

TOKEN = "header.payload.signature"
USER, PASSWORD = "candide", "secret of the service"
INSTITUTION = "ETAB00"
Said = tuple[int, str, bytes]


def record(key: str, value: str | None) -> dict[str, Any] | None:
    return next((row for row in records() if value and row.get(key) == value), None)


def tickets(
    _speaking: Any, _handler: Any, _place: str, asked: dict[str, str], _body: bytes
) -> Said:
    is_known = (asked.get("username"), asked.get("password")) == (USER, PASSWORD)
    return (201, "text/plain", TOKEN.encode()) if is_known else (401, "text/plain", b"")


def pegase(_speaking: Any, handler: Any, place: str, asked: dict[str, str], _body: bytes) -> Said:
    if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401, "application/json", b"{}"
    module, _slash, rest = place.partition("/")
    if not rest:
        return 404, "application/json", b"{}"
    found = MODULES[module](rest.split("/"), asked)
    return (404, "application/json", b"{}") if found is None else said(found)


def _identities(path: list[str], asked: dict[str, str]) -> Any:
    assert path[:3] == ["etablissements", INSTITUTION, "identites"]
    if path[3] == "apprenants":
        row = record("student_number", asked.get("codeApprenant")) or record(
            "ine", asked.get("ine")
        )
        items = [{"id": f"id-{row['student_number']}"}] if row else []
        return {"totalElements": len(items), "items": items}
    row = record("student_number", path[3].removeprefix("id-"))
    return row and _identity(row)


def _identity(row: dict[str, Any]) -> dict[str, Any]:
    known, address = row.get("baccalaureate") or {}, row.get("address") or {}
    return {
        "nomNaissance": row["birth_name"],
        "prenom": row["first_name"],
        "mailInstitutionnel": row.get("email"),
        "telephonePortablePersonnel": row.get("mobile"),
        "profilApprenant": {
            "codeApprenant": row["student_number"],
            "ineConfirme": row.get("ine"),
            "etatCivil": {
                "sexe": sex(row["civility"]),
                "dateNaissance": row["born_on"],
                "nomUsage": row.get("usual_name"),
                "prenom2": row.get("other_first_name"),
                "communeNaissance": {
                    "code": f"{row.get('birth_department', '')}000",
                    "libelle": row.get("birth_city"),
                },
                "paysNaissance": {"code": apogee_country(row["birth_country"])},
                "nationalite": {"code": apogee_country(row["nationality"])},
            },
            "parcoursScolaireEtUniversitaire": {
                "typeSerieBac": {"code": known.get("series")},
                "anneeObtentionBac": known.get("year"),
                "mentionBac": {"code": known.get("honours")},
                "paysBac": {"code": apogee_country(known.get("country", ""))},
                "etablissementBac": {"code": known.get("school")},
                "premiereSpecialiteBac": {"code": known.get("speciality_1")},
                "deuxiemeSpecialiteBac": {"code": known.get("speciality_2")},
            },
            "donneesContact": {
                "adresseFixeLigne3Voie": address.get("line_1"),
                "adresseFixeLigne1Etage": address.get("line_2"),
                "adresseFixeCodePostal": address.get("postcode"),
                "adresseFixeCodeCommune": address.get("commune"),
                "adresseFixePays": {"code": apogee_country(address.get("country", ""))},
                "telephoneFixe": row.get("phone"),
            },
        },
    }


def _enrolments(path: list[str], _asked: dict[str, str]) -> Any:
    row = record("student_number", path[-1])
    return row and {
        "inscriptions": [
            {
                "anneeUniv": year["year"].partition("-")[0],
                "code": year["code"],
                "codePeriode": year["year"],
                "codeChemin": year["code"],
                "libelleCourt": year["label"],
            }
            for year in row.get("studies", ())
        ]
    }


def _published(path: list[str], _asked: dict[str, str]) -> Any:
    row = record("student_number", path[5]) or {}
    found = [year for year in row.get("studies", ()) if year["code"] == path[7]]
    if not found or not found[0].get("result"):
        return None
    (year,) = found
    course = {"chemin": "A>B>C>D", "codeFeuille": "UE1", "note": "12", "libRes": "Admis"}
    return [
        {
            "bareme": year.get("scale"),
            "chemin": "A>B>C",
            "codRes": "ADM",
            "codeFeuille": year["code"],
            "libRes": year["result"],
            "mention": year.get("honours"),
            "note": year.get("mark"),
        },
        course,
    ]


def _objects(_path: list[str], asked: dict[str, str]) -> Any:
    assert (asked["pia"], asked["piaActif"], asked["valide"]) == ("true",) * 3
    words = asked["r"].casefold().split()
    rows = [
        {"code": each.code, "libelleLong": each.label}
        for each in offered()
        if any(word in f"{each.code} {each.label}".casefold() for word in words)
    ]
    return {"items": rows}


def _offer(path: list[str], asked: dict[str, str]) -> Any:
    return _spaces() if path[-1] == "espaces" else _objects(path, asked)


def _spaces() -> Any:
    """Periods, and a space of another kind: whether it is asked for or not, it may come too."""
    other = {"code": "TRAVAIL", "libelle": "Espace de travail", "type": "ESPACE_TRAVAIL"}
    rows = [
        {"code": each.code, "libelleLong": each.label, "type": "PERIODE"}
        for each in reversed(DemonstrationStudentSystem().periods())
    ]
    return {"items": [other, *rows]}


def _nomenclature(path: list[str], asked: dict[str, str]) -> Any:
    if path[-1] != "SerieBac":
        return {"nomenclatures": [], "nbTotalPages": 0}
    pages = [("NBGE", "Baccalauréat général", True), ("S", "Baccalauréat S", False)]
    code, name, is_shown = pages[int(asked["numPage"])]
    row = {"code": code, "libelleAffichage": name, "temoinVisible": is_shown}
    return {"nomenclatures": [row], "nbTotalPages": len(pages)}


MODULES: dict[str, Callable[[list[str], dict[str, str]], Any]] = {
    "idt": _identities,
    "ins-ext": _enrolments,
    "coc": _published,
    "odf": _offer,
    "ref": _nomenclature,
}


def said(found: Any) -> Said:
    return 200, "application/json; charset=utf-8", json.dumps(found, ensure_ascii=False).encode()
