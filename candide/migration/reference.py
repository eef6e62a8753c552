"""What eCandidat names by codes of Apogée or Pégase, in our reference data. A line of a small table
that we do not have is added from theirs, out of service: it shows where it was chosen and is not
offered."""

from dataclasses import dataclass
from typing import Any

from candide.institution.reference.enums import Source
from candide.institution.reference.models import (
    BaccalaureateOption,
    BaccalaureateSeries,
    Commune,
    Country,
    Department,
    DiplomaFamily,
    DiplomaType,
    FeeExemption,
    Honours,
    School,
    Speciality,
    StudyRegime,
)
from candide.integrations.ecandidat.database import Row
from candide.integrations.ecandidat.values import text
from candide.migration.bringing import Bringing


@dataclass(frozen=True)
class Place:
    """Where they keep it: the table, the column of the code, what the labels end with."""

    table: str
    code: str
    ending: str


PLACES: dict[Any, Place] = {
    DiplomaType: Place("siscol_typ_diplome", "cod_tpd_etb", "tpd"),
    BaccalaureateSeries: Place("siscol_bac_oux_equ", "cod_bac", "bac"),
    Speciality: Place("siscol_specialite_bac", "cod_spe_bac", "spe_bac"),
    BaccalaureateOption: Place("siscol_option_bac", "cod_opt_bac", "opt_bac"),
    DiplomaFamily: Place("siscol_dip_aut_cur", "cod_dac", "dac"),
    StudyRegime: Place("siscol_regime", "cod_rgi", "rgi"),
    FeeExemption: Place("siscol_cat_exo_ext", "cod_cat_exo_ext", "cat_exo_ext"),
}
HONOURS = (
    Place("siscol_mention_niv_bac", "cod_mnb", "mnb"),
    Place("siscol_mention", "cod_men", "men"),
)
RESULTS = Place("siscol_typ_resultat", "cod_tre", "tre")


def nomenclature(run: Bringing, model: Any, code: Any, *, is_active: bool = False) -> int | None:
    """The key of the line with this code; None without one, or where nobody knows it."""
    code = text(code)
    if not code:
        return None
    known = run.once(("codes", model), lambda: dict(model.objects.values_list("code", "pk")))
    if code not in known:
        label = label_of(run, PLACES[model], code)
        known[code] = _added(model, code, label, is_active=is_active) if label else None
    return known[code]


def honours(run: Bringing, code: Any, *, of_baccalaureate: bool) -> int | None:
    """The same, of the honours: those of the baccalauréat and the others have tables of their own
    there, and may use one code for two things."""
    code, place = text(code), HONOURS[0 if of_baccalaureate else 1]
    if not code:
        return None
    column = "for_baccalaureate" if of_baccalaureate else "for_diplomas"
    known = run.once(
        ("honours", of_baccalaureate),
        lambda: dict(Honours.objects.filter(**{column: True}).values_list("code", "pk")),
    )
    if code not in known:
        label = label_of(run, place, code)
        free = code if not Honours.objects.filter(code=code).exists() else f"{code}-{place.ending}"
        standing = Honours.objects.filter(code=free).first()
        known[code] = (
            standing.pk
            if standing
            else _added(
                Honours,
                free,
                label,
                for_baccalaureate=of_baccalaureate,
                for_diplomas=not of_baccalaureate,
            )
            if label
            else None
        )
    return known[code]


def _added(model: Any, code: str, label: str, *, is_active: bool = False, **others: Any) -> int:
    row = model(code=code[:20], name=label[:255], source=Source.CSV, is_active=is_active, **others)
    row.save()
    return row.pk


def label_of(run: Bringing, place: Place, code: str) -> str:
    """How they call it."""
    labels = run.once(
        place.table,
        lambda: {
            text(row[place.code]): text(row.get(f"lib_{place.ending}"))
            for row in run.database.all(place.table)
        },
    )
    return labels.get(code, "")


# -- Places ----------------------------------------------------------------------------------------


def country(run: Bringing, code: Any) -> int | None:
    """By Apogée's three digits, or by INSEE's five."""
    code = text(code)
    known = run.once("countries", _countries)
    return known.get(code) or known.get(code.zfill(3)) if code else None


def _countries() -> dict[str, int]:
    rows = Country.objects.filter(is_principal=True).values_list("apogee_code", "code", "pk")
    found = {}
    for apogee, code, pk in rows:
        found[code] = pk
        if apogee:
            found[apogee] = pk
    return found


def department(run: Bringing, code: Any) -> int | None:
    """« 045 » is theirs, « 45 » ours."""
    code = text(code).upper()
    known = run.once("departments", lambda: dict(Department.objects.values_list("code", "pk")))
    return known.get(code) or known.get(code.removeprefix("0")) if code else None


def commune(run: Bringing, code: Any) -> int | None:
    code = text(code).upper()
    known = run.once("communes", lambda: dict(Commune.objects.values_list("code", "pk")))
    return known.get(code) if code else None


def school(run: Bringing, code: Any) -> int | None:
    code = text(code).upper()
    known = run.once("schools", lambda: dict(School.objects.values_list("code", "pk")))
    return known.get(code) if code else None


def school_name(run: Bringing, code: Any) -> str:
    """How they call an establishment we do not know."""
    code = text(code)
    if not code:
        return ""

    def found() -> str:
        rows = run.database.of("siscol_etablissement", "cod_etb", [code])
        return text(rows[0].get("lib_etb")) if rows else ""

    return run.once(("school", code), found)


def commune_name(run: Bringing, code: Any) -> str:
    """How they call a commune."""
    code = text(code)
    if not code:
        return ""

    def found() -> str:
        rows = run.database.of("siscol_commune", "cod_com", [code])
        return text(rows[0]["lib_com"]) if rows else ""

    return run.once(("town", code), found)


def town_of(run: Bringing, address: Row) -> tuple[str, str]:
    """The town and the postcode of a postal address of theirs."""
    code = text(address["cod_com"])
    postcode = text(address["cod_bdi_adr"])
    if text(address.get("lib_com_etr_adr")) and not code:
        return text(address["lib_com_etr_adr"]), postcode

    town = commune_name(run, code)
    cedex = text(address.get("cedex_adr"))
    return cedex if "CEDEX" in cedex.upper() else town, postcode
