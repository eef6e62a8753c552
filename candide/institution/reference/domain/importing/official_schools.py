"""Official lists of establishments."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.core.text import fold
from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.gazetteer import Place
from candide.institution.reference.domain.importing.layouts import (
    Layout,
    Record,
    Row,
    expected,
    needed,
    optional,
)
from candide.institution.reference.domain.importing.official_places import said
from candide.institution.reference.domain.importing.report import FileReport
from candide.institution.reference.enums import SchoolKind

# What the ministry calls the nature of an establishment (« nature de l'UAI »).
NATURES = {
    "300": SchoolKind.LYCEE,
    "301": SchoolKind.LYCEE,
    "302": SchoolKind.LYCEE,
    "306": SchoolKind.LYCEE,
    "310": SchoolKind.LYCEE,
    "312": SchoolKind.LYCEE,
    "315": SchoolKind.LYCEE,
    "335": SchoolKind.LYCEE,
    "320": SchoolKind.VOCATIONAL_LYCEE,
    "332": SchoolKind.VOCATIONAL_LYCEE,
    "334": SchoolKind.VOCATIONAL_LYCEE,
    "370": SchoolKind.VOCATIONAL_LYCEE,
}
HIGHER_TYPES = {
    "universite": SchoolKind.UNIVERSITY,
    "grand etablissement": SchoolKind.GRAND_ETABLISSEMENT,
    "ecole": SchoolKind.SCHOOL,
}
CLOSED = {"ferme", "a fermer", "3"}  # « FERMÉ » in one list, its code in the other
# The ministry's own numbers: 9830445S is in New Caledonia, 7200664J in Haute-Corse.
UAI_PREFIXES = {"620": "2A", "720": "2B", "983": "988", "984": "987"}


def department_of(uai: str) -> str:
    """The département an UAI was given in."""
    return schools_department(uai[:3])


def schools_department(cell: str) -> str:
    """A département as the Ministry of Education numbers it."""
    return UAI_PREFIXES.get(cell) or values.department(cell)


def _uai(cell: str) -> str | list[str]:
    """One UAI, or several in one cell where two were merged."""
    codes = [values.uai(part) for part in re.split(r"[;, ]+", cell) if part]
    return codes[0] if len(codes) == 1 else codes


def _school(row: Row, report: FileReport, uai: str, **cells: Any) -> dict[str, Any]:
    if values.uai_is_doubtful(uai):
        report.warn(row.line, _("the key of “%(uai)s” is wrong; taken as it is.") % {"uai": uai})
    department = row.get("department") or department_of(uai)
    place = Place(
        city=row.get("city"),
        postcode=row.get("postcode"),
        insee=row.get("commune"),
        department=department,
    )
    return {"code": uai, "department": department, "commune": place, **cells}


def _lycees(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Where one can take a baccalauréat; other schools of the list are passed over. Unless the
    list knows better, any lycée may have a BTS or a preparatory class."""
    for row in rows:
        kind = _kind_of_lycee(row)
        if kind is None:
            continue
        school = _school(
            row,
            report,
            row["uai"],
            name=row["name"] or f"{row.get('nature_name')} - {tidy(row['city'])}",
            kind=kind,
            is_secondary=True,
            is_higher=row.get("post_bac", True),
            is_active=fold(row.get("state")) not in CLOSED,
        )
        yield Record("schools", row.line, school, said(city=tidy(row.get("city"))))


def _kind_of_lycee(row: Row) -> str | None:
    nature = row.get("nature")
    if nature:
        return NATURES.get(nature)
    if fold(row.get("type")) in {"lycee", "erea"}:
        return SchoolKind.LYCEE
    return None


def tidy(city: str) -> str:
    """A town of a postal address as one writes it: "BELLEY CEDEX" is Belley."""
    bare = re.sub(r"\s+CEDEX?\b.*$", "", city, flags=re.IGNORECASE)
    return bare.title() if bare.isupper() else bare


def _higher(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """The main establishments of higher education."""
    for row in rows:
        uai = row["uai"]
        if not uai and isinstance(row.get("former"), str):
            uai = row.get("former")  # the list has lost the present one of a university
        if not uai:
            report.refuse(row.line, _("“%(name)s” has no UAI.") % {"name": row["name"]}, "uai")
            continue
        if isinstance(uai, list):
            uai = next((one for one in uai if department_of(one) == row["department"]), uai[0])
        school = _school(
            row,
            report,
            uai,
            name=row["name"],
            kind=HIGHER_TYPES.get(fold(row["type"]), SchoolKind.OTHER),
            is_secondary=False,
            is_higher=True,
            **said(
                short_name=row.get("acronym") or row.get("short_name"),
                name_en=row.get("name_en"),
            ),
        )
        yield Record("schools", row.line, school, said(city=row.get("city")))


def _places_of_study(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Lists of programmes: each names its establishment, again and again. They add the ones we
    do not know, and change none."""
    seen = set()
    for row in rows:
        uai = row["uai"]
        if uai in seen:
            continue
        seen.add(uai)
        school = _school(row, report, uai)
        fills = {
            "name": row["name"],
            "commune": school.pop("commune"),
            "department": school.pop("department"),
            "is_higher": True,
            **said(city=tidy(row.get("city"))),
        }
        yield Record("schools", row.line, school, fills)


LAYOUTS = [
    Layout(
        name="annuaire",
        title=gettext_lazy("Ministry of Education: directory of schools"),
        columns=(
            needed("uai", "Identifiant_de_l_etablissement", as_=values.uai),
            needed("name", "Nom_etablissement"),
            needed("type", "Type_etablissement"),
            expected("postcode", "Code postal", as_=values.postcode),
            expected("commune", "Code_commune", as_=values.insee),
            expected("city", "Nom_commune"),
            needed("department", "Code_departement", as_=schools_department),
            optional("nature", "code_nature"),
            optional("post_bac", "Post_BAC", as_=values.flag),
            optional("state", "etat"),
        ),
        build=_lycees,
        tables=("schools",),
        scopes={"schools": Q(is_secondary=True)},
        rank=20,
    ),
    Layout(
        name="lycees",
        title=gettext_lazy("Ministry of Education: addresses of schools"),
        columns=(
            needed("uai", "numero_uai", as_=values.uai),
            expected("name", "appellation_officielle"),
            needed("nature", "nature_uai"),
            optional("nature_name", "nature_uai_libe"),
            expected("postcode", "code_postal_uai", as_=values.postcode),
            expected("city", "localite_acheminement_uai"),
            needed("department", "code_departement", "departement", as_=schools_department),
            optional("commune", "code_commune", as_=values.insee),
            optional("state", "etat_etablissement_libe", "etat_etablissement"),
        ),
        build=_lycees,
        tables=("schools",),
        scopes={"schools": Q(is_secondary=True)},
        rank=30,
    ),
    Layout(
        name="etablissements_sup",
        title=gettext_lazy("Ministry of Higher Education: main establishments"),
        columns=(
            expected("uai", "uai - identifiant", "uai", as_=_uai),
            needed("name", "libellé", "uo_lib"),
            optional("short_name", "nom court", "nom_court"),
            optional("acronym", "sigle"),
            needed("type", "type d'établissement", "type_d_etablissement"),
            expected("commune", "Code commune", "com_code", as_=values.insee),
            expected("city", "Commune", "com_nom"),
            needed("department", "Code département", "dep_id", as_=values.department),
            optional("name_en", "English name", "uo_lib_en"),
            optional("former", "anciens codes uai", as_=_uai),
        ),
        build=_higher,
        tables=("schools",),
        scopes={"schools": Q(is_higher=True, is_secondary=False)},
        rank=20,
    ),
    Layout(
        name="parcoursup",
        title=gettext_lazy("Parcoursup: programmes"),
        columns=(
            needed("uai", "Code UAI de l'établissement", "cod_uai", as_=values.uai),
            needed("name", "Établissement", "g_ea_lib_vx"),
            needed("department", "Code départemental de l'établissement", as_=values.department),
            optional("city", "Commune de l'établissement", "ville_etab"),
        ),
        build=_places_of_study,
        tables=("schools",),
        rank=60,
    ),
    Layout(
        name="trouver_mon_master",
        title=gettext_lazy("Trouver mon master: programmes"),
        columns=(
            needed("uai", "Code UAI de l'établissement accrédité", as_=values.uai),
            needed("name", "Nom officiel (long) de l'établissement accrédité"),
            expected(
                "postcode",
                "Code postal de la ville de l'établissement accrédité",
                as_=values.postcode,
            ),
            expected("city", "Ville de l'établissement accrédité"),
        ),
        build=_places_of_study,
        tables=("schools",),
        rank=60,
    ),
    Layout(
        name="mon_master",
        title=gettext_lazy("Mon Master: programmes"),
        columns=(
            needed("uai", "eta_uai", as_=values.uai),
            needed("name", "eta_nom"),
            expected("mention"),
        ),
        build=_places_of_study,
        tables=("schools",),
        rank=60,
    ),
]
