"""Official lists of countries, départements, communes and postcodes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.core.text import fold
from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.layouts import (
    Layout,
    Record,
    Row,
    expected,
    needed,
    optional,
)
from candide.institution.reference.domain.importing.report import FileReport
from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import STATELESS

TYPES = {
    "commune-actuelle": CommuneKind.CURRENT,
    "arrondissement-municipal": CommuneKind.DISTRICT,
    "commune-deleguee": CommuneKind.DELEGATED,
    "commune-associee": CommuneKind.ASSOCIATED,
    "COM": CommuneKind.CURRENT,
    "ARM": CommuneKind.DISTRICT,
    "COMD": CommuneKind.DELEGATED,
    "COMA": CommuneKind.ASSOCIATED,
}
# A delegated or associated commune may share its INSEE code with the whole.
SUFFIXES = {CommuneKind.DELEGATED: "-D", CommuneKind.ASSOCIATED: "-A"}
LIVE = Q(kind__in=[CommuneKind.CURRENT, CommuneKind.DISTRICT])
OVERSEAS = Q(insee__regex=r"^9(75|77|78|8)")  # collectivities: a list of their own
UNKNOWN_NATIONALITIES = {"990", "999"}


def said(**cells: Any) -> dict[str, Any]:
    """What the row really says: an empty cell says nothing."""
    return {key: value for key, value in cells.items() if value != ""}


# -- Countries -----------------------------------------------------------------------------------
def _countries(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """One row per ISO code; those of one INSEE code share it, and one of them is principal. The
    wording only fills what we do not know: such lists are compiled from several."""
    by_code = defaultdict(list)
    for row in rows:
        if row["iso3"] == "NAM" and not row["iso2"]:
            reason = _("the code NA of Namibia was read as “not available” and lost.")
            report.stop("lost_na", row.line, reason, "iso2")
        if row["cog"]:  # French territories overseas have none: they are départements
            by_code[row["cog"]].append(row)
    for cog, sharing in by_code.items():
        principal = next((row for row in sharing if row.get("principal", True)), None)
        if principal is None:
            name = sharing[0].get("insee_name")
            yield Record(
                "countries",
                sharing[0].line,
                {"code": cog, "apogee_code": cog[2:]},
                {"name": name.capitalize()},
            )
        for row in sharing:
            is_principal = row is principal
            yield Record(
                "countries",
                row.line,
                {
                    "code": cog if is_principal else f"{cog}-{row['iso2']}",
                    "apogee_code": cog[2:],
                    "is_principal": is_principal,
                    **said(iso2=row["iso2"], iso3=row["iso3"]),
                },
                said(
                    name=row["name"],
                    name_en=row.get("name_en"),
                    nationality=row.get("nationality") if is_principal else "",
                    nationality_en=row.get("nationality_en") if is_principal else "",
                ),
            )


def _insee_countries(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """INSEE's own list: extinct countries are kept, out of service."""
    for row in rows:
        is_principal = row["cog"].isdigit()
        whole = row["cog"] if is_principal else row.get("part_of")
        if not whole.isdigit() or not (is_principal or row["iso2"]):
            continue  # neither a code nor a country it is a part of
        yield Record(
            "countries",
            row.line,
            {
                "code": whole if is_principal else f"{whole}-{row['iso2']}",
                "apogee_code": whole[2:],
                "is_principal": is_principal,
                "is_active": row["actual"] != "2",
                **said(iso2=row["iso2"], iso3=row["iso3"]),
            },
            {"name": row["name"].capitalize() if row["name"].isupper() else row["name"]},
        )


def _nationalities(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Apogée's nationalities: masculine, in capitals, so only where we have none."""
    for row in rows:
        if row["code"] in UNKNOWN_NATIONALITIES:
            continue
        code = f"99{row['code']}"
        is_stateless = code == STATELESS
        words = row["name"].capitalize()
        values_ = {"code": code, "apogee_code": row["code"]}
        if is_stateless:
            values_["is_country"] = False
        fills = {"nationality": words} | ({"name": words} if is_stateless else {})
        yield Record("countries", row.line, values_, fills, adds=is_stateless)


# -- Départements and communes -------------------------------------------------------------------
def _departments(rows: list[Row], report: FileReport) -> Iterator[Record]:
    for row in rows:
        yield Record("departments", row.line, {"code": row["code"], "name": row["name"]})


def _communes(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Today's communes with what they are made of, and their postcodes if the list has them."""
    whole = {
        (row["insee"], fold(row["name"]))
        for row in rows
        if TYPES.get(row.get("type", "COM")) == CommuneKind.CURRENT
    }
    for row in rows:
        kind = TYPES.get(row.get("type", "COM"))
        if kind is None:
            report.refuse(row.line, _("“%(type)s” is no kind of commune.") % {"type": row["type"]})
            continue
        suffix = SUFFIXES.get(kind, "")
        if suffix and (row["insee"], fold(row["name"])) in whole:
            continue  # bears code and name of the whole: nothing to tell them apart
        cells = {
            "code": row["insee"] + suffix,
            "insee": row["insee"],
            "kind": kind,
            "name": row["name"],
            "department": row.get("department") or department_of(row["insee"]),
            "valid_until_year": None,
        }
        yield Record("communes", row.line, cells | said(parent=row.get("parent")))
        if row.get("postcode"):
            pair = {"commune": row["insee"], "postcode": row["postcode"]}
            yield Record("postcodes", row.line, pair)


def _former_communes(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """The history of the communes: what ended, for those who were born there. Corsica was one
    département until 1976, and its communes kept their names."""
    current = {(row["insee"], fold(row["name"])) for row in rows if not row["until"]}
    last: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row["insee"], fold(row["name"]))
        if not row["until"] or key in current or row["insee"].startswith("20"):
            continue
        if key not in last or last[key]["until"] < row["until"]:
            last[key] = row
    for row in last.values():
        yield Record(
            "communes",
            row.line,
            {
                "code": f"{row['insee']}-{row['until']}",
                "insee": row["insee"],
                "kind": CommuneKind.FORMER,
                "department": department_of(row["insee"]),
                "valid_until_year": int(row["until"][:4]),
            },
            {"name": row["name"]},
        )


def department_of(insee: str) -> str:
    return insee[:3] if insee[:2] in {"97", "98"} else insee[:2]


# -- Postcodes -----------------------------------------------------------------------------------
def _postcodes(rows: list[Row], report: FileReport) -> Iterator[Record]:
    seen = set()
    for row in rows:
        pair = (row["commune"], row["postcode"])
        if pair not in seen:
            seen.add(pair)
            yield Record("postcodes", row.line, {"commune": pair[0], "postcode": pair[1]})


def _cedex(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Postcodes with the line they are written with; only those of CEDEX keep it."""
    chosen: dict[tuple[str, str], Row] = {}
    for row in rows:
        pair = (row["commune"], row["postcode"])
        if pair not in chosen or is_cedex(row) > is_cedex(chosen[pair]):
            chosen[pair] = row
    for (commune, postcode), row in chosen.items():
        label = row["line"] if is_cedex(row) else ""
        cells = {"commune": commune, "postcode": postcode}
        yield Record("postcodes", row.line, cells, said(cedex_label=label))


def is_cedex(row: Row) -> bool:
    return "CEDEX" in row["line"].upper()


LAYOUTS = [
    Layout(
        name="pays_nationalites",
        title=gettext_lazy("countries and nationalities, with their ISO codes"),
        columns=(
            expected("cog", "cog5", as_=values.cog),
            expected("iso2"),
            needed("iso3"),
            needed("name", "nom_fr"),
            optional("name_en", "nom_en"),
            optional("nationality", "nationalite_fr_f"),
            optional("nationality_en", "nationalite_en"),
            optional("insee_name", "libelle_insee"),
            optional("principal", as_=values.flag),
        ),
        build=_countries,
        tables=("countries",),
        scopes={"countries": Q(is_country=True)},
        rank=30,
    ),
    Layout(
        name="v_pays",
        title=gettext_lazy("INSEE: countries and foreign territories"),
        columns=(
            needed("cog", "COG"),
            needed("actual", "ACTUAL"),
            optional("part_of", "CRPAY"),
            needed("name", "LIBCOG"),
            expected("iso2", "CODEISO2"),
            expected("iso3", "CODEISO3"),
        ),
        build=_insee_countries,
        tables=("countries",),
        scopes={"countries": Q(is_country=True)},
        rank=20,
    ),
    Layout(
        name="apogee_nationalites",
        title=gettext_lazy("Apogée: nationalities"),
        columns=(needed("code", as_=values.digits(3)), needed("name", "libelle")),
        build=_nationalities,
        tables=("countries",),
        words=("nationalit",),
        rank=40,
    ),
    Layout(
        name="v_departement",
        title=gettext_lazy("INSEE: départements"),
        columns=(
            needed("code", "DEP", as_=values.department),
            needed("chef", "CHEFLIEU"),
            needed("name", "LIBELLE"),
        ),
        build=_departments,
        tables=("departments",),
        scopes={"departments": ~Q(code__regex=r"^9(75|77|78|8)")},
        without=("arr", "com", "can"),
        rank=20,
    ),
    Layout(
        name="v_comer",
        title=gettext_lazy("INSEE: collectivities overseas"),
        columns=(needed("code", "COMER", as_=values.department), needed("name", "LIBELLE")),
        build=_departments,
        tables=("departments",),
        scopes={"departments": Q(code__regex=r"^9(75|77|78|8)")},
        rank=20,
    ),
    Layout(
        name="communes_cp",
        title=gettext_lazy("communes with their postcodes"),
        columns=(
            needed("insee", as_=values.insee),
            needed("name", "nom"),
            needed("type"),
            needed("department", "departement", as_=values.department),
            expected("postcode", "code_postal", as_=values.postcode),
        ),
        build=_communes,
        tables=(
            "communes",
            "postcodes",
        ),
        scopes={"communes": LIVE, "postcodes": Q(cedex_label="")},
        is_full=True,
        rank=30,
    ),
    Layout(
        name="v_commune",
        title=gettext_lazy("INSEE: communes"),
        columns=(
            needed("type", "TYPECOM"),
            needed("insee", "COM", as_=values.insee),
            optional("department", "DEP", as_=values.department),
            needed("name", "LIBELLE"),
            optional("parent", "COMPARENT", as_=values.insee),
        ),
        build=_communes,
        tables=("communes",),
        scopes={"communes": ~Q(kind=CommuneKind.FORMER) & ~OVERSEAS},
        is_full=True,
        rank=20,
    ),
    Layout(
        name="v_commune_comer",
        title=gettext_lazy("INSEE: communes of the collectivities overseas"),
        columns=(
            needed("insee", "COM_COMER", as_=values.insee),
            needed("department", "COMER", as_=values.department),
            needed("name", "LIBELLE"),
        ),
        build=_communes,
        tables=("communes",),
        scopes={"communes": LIVE & OVERSEAS},
        is_full=True,
        rank=20,
    ),
    Layout(
        name="v_commune_depuis",
        title=gettext_lazy("INSEE: communes since 1943"),
        columns=(
            needed("insee", "COM", as_=values.insee),
            needed("name", "LIBELLE"),
            expected("since", "DATE_DEBUT", as_=values.compact_date),
            expected("until", "DATE_FIN", as_=values.compact_date),
        ),
        build=_former_communes,
        tables=("communes",),
        scopes={"communes": Q(kind=CommuneKind.FORMER)},
        rank=25,
    ),
    Layout(
        name="communes_historique",
        title=gettext_lazy("communes of the past (ASP)"),
        columns=(
            needed("insee", "code_com_insee", as_=values.insee),
            needed("name", "lib_com"),
            expected("since", "date_deb_insee", as_=values.compact_date),
            expected("until", "date_fin_insee", as_=values.compact_date),
        ),
        build=_former_communes,
        tables=("communes",),
        scopes={"communes": Q(kind=CommuneKind.FORMER)},
        rank=26,
    ),
    Layout(
        name="codes_postaux",
        title=gettext_lazy("La Poste: official list of postcodes"),
        columns=(
            needed("commune", "Code_commune_INSEE", "codeCommune", as_=values.insee),
            needed("postcode", "Code_postal", "codePostal", as_=values.postcode),
            expected("line", "Libellé_d_acheminement", "libelleAcheminement"),
        ),
        build=_postcodes,
        tables=("postcodes",),
        scopes={"postcodes": Q(cedex_label="")},
        encodings=("utf-8", "cp1252"),  # La Poste publishes it so
        rank=40,
    ),
    Layout(
        name="cedex",
        title=gettext_lazy("postcodes with those of CEDEX"),
        columns=(
            needed("postcode", "code_postal", as_=values.postcode),
            needed("line", "ligne_acheminement"),
            expected("town", "nom_localite"),
            needed("commune", "code_commune", as_=values.insee),
        ),
        build=_cedex,
        tables=("postcodes",),
        scopes={"postcodes": Q()},
        rank=45,
    ),
]
