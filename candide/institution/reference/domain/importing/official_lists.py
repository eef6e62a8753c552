"""Small nomenclatures as Apogée words them: short and often in capitals. Where we have better
words they stay; what Apogée calls the line goes into the short name if that is empty."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy

from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.layouts import (
    Build,
    Layout,
    Record,
    Row,
    expected,
    needed,
    optional,
)
from candide.institution.reference.domain.importing.official_places import said
from candide.institution.reference.domain.importing.report import FileReport

NO_BACCALAUREATE = "0000"


def _lines(table: str) -> Build:
    def build(rows: list[Row], report: FileReport) -> Iterator[Record]:
        for row in rows:
            name = row["name"] or row.get("short_name") or row["code"]
            fills = {"name": name, **said(short_name=row.get("short_name"))}
            yield Record(table, row.line, {"code": row["code"]}, fills)

    return build


def _series(rows: list[Row], report: FileReport) -> Iterator[Record]:
    """Some lists mix the groups of series in; what is named as a parent is a group."""
    groups = {row.get("group") for row in rows}
    for row in rows:
        code = row["code"]
        if code in groups or not row.get("group", "none"):
            continue
        try:
            values.digits(4)(code)
        except values.Unreadable as error:
            report.stop(error.condemns, row.line, error.message)
            continue
        fills = {"name": row["name"], "is_no_baccalaureate": code == NO_BACCALAUREATE}
        yield Record("series", row.line, {"code": code}, fills)


LAYOUTS = [
    Layout(
        name="apogee_bac",
        title=gettext_lazy("Apogée: baccalauréats and equivalents"),
        columns=(
            needed("code", "code_bac", "Bac ou équivalence (code)", "cod_bac"),
            needed("name", "lib_bac", "Bac ou équivalence (lib.)"),
            optional("group", "code_bac_parent"),
        ),
        build=_series,
        tables=("series",),
        scopes={"series": Q()},
        rank=42,
    ),
    Layout(
        name="aria_bac",
        title=gettext_lazy("ARIA: baccalauréats and equivalents"),
        columns=(needed("code"), needed("name", "libelle")),
        build=_series,
        tables=("series",),
        scopes={"series": Q()},
        words=("bac",),
        rank=41,
    ),
    Layout(
        name="apogee_bac_mention",
        title=gettext_lazy("Apogée: honours of the baccalauréat"),
        columns=(needed("code", "code_mention_bac"), needed("name", "lib_mention_bac")),
        build=_lines("honours"),
        tables=("honours",),
        scopes={"honours": Q(for_baccalaureate=True)},
        rank=40,
    ),
    Layout(
        name="apogee_diplome_externe",
        title=gettext_lazy("Apogée: types of diplomas of other establishments"),
        columns=(
            needed("code", "Type de diplôme externe (code)", as_=values.digits(3)),
            needed("name", "Type de diplôme externe (lib.)"),
        ),
        build=_lines("diploma_families"),
        tables=("diploma_families",),
        scopes={"diploma_families": Q()},
        rank=40,
    ),
    Layout(
        name="apogee_diplome_type",
        title=gettext_lazy("Apogée: types of diplomas"),
        columns=(
            needed("code", "code_type_diplome"),
            expected("name", "lib_type_diplome"),
            optional("short_name", "acronyme_type_diplome"),
        ),
        build=_lines("diploma_types"),
        tables=("diploma_types",),
        scopes={"diploma_types": Q()},
        rank=40,
    ),
]
