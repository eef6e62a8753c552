"""Our own columns: those of the files that come with Candide, for any table."""

from collections.abc import Iterator

from django.db.models import BooleanField, Field, ForeignKey, PositiveSmallIntegerField, Q

from candide.institution.reference import models
from candide.institution.reference.domain.importing import values
from candide.institution.reference.domain.importing.layouts import (
    Build,
    Column,
    Layout,
    Record,
    Row,
    needed,
    optional,
)
from candide.institution.reference.domain.importing.report import FileReport

_NOT_IN_FILES = {"id", "search_text", "nationality_sort", "is_kept", "source", "display_name"}
_CODES: dict[str, values.Convert] = {
    "departments.code": values.department,
    "communes.insee": values.insee,
    "communes.department": values.department,
    "postcodes.postcode": values.postcode,
    "schools.code": values.uai,
    "schools.department": values.department,
    "series.code": values.digits(4),
    "series_specialities.series": values.digits(4),
    "series_options.series": values.digits(4),
    "diploma_families.code": values.digits(3),
}
_NEEDED = {"code", "name", "insee", "department", "series", "speciality", "option", "postcode"}

OWN: list[tuple[str, type[models.ImportedRow]]] = [
    ("countries", models.Country),
    ("departments", models.Department),
    ("communes", models.Commune),
    ("postcodes", models.CommunePostcode),
    ("schools", models.School),
    ("specialities", models.Speciality),
    ("options", models.BaccalaureateOption),
    ("series", models.BaccalaureateSeries),
    ("series_specialities", models.SeriesSpeciality),
    ("series_options", models.SeriesOption),
    ("honours", models.Honours),
    ("diploma_families", models.DiplomaFamily),
    ("result_types", models.ResultType),
    ("diploma_types", models.DiplomaType),
    ("study_regimes", models.StudyRegime),
    ("fee_exemptions", models.FeeExemption),
]


def _convert(table: str, field: Field) -> values.Convert:
    if f"{table}.{field.name}" in _CODES:
        return _CODES[f"{table}.{field.name}"]
    if isinstance(field, BooleanField):
        return values.flag
    if isinstance(field, PositiveSmallIntegerField):
        return values.year if field.null else values.number
    return values.text


def _columns(table: str, model: type[models.ImportedRow]) -> tuple[Column, ...]:
    columns = []
    for field in model._meta.fields:
        if field.name in _NOT_IN_FILES:
            continue
        is_link = isinstance(field, ForeignKey) and not field.null
        heading = needed if field.name in _NEEDED or is_link else optional
        columns.append(heading(field.name, as_=_convert(table, field)))
    if table == "communes":
        columns.append(optional("postcodes", as_=values.postcodes))
    return tuple(columns)


def _builder(table: str) -> Build:
    def build(rows: list[Row], report: FileReport) -> Iterator[Record]:
        for row in rows:
            said = dict(row.cells)
            postcodes = said.pop("postcodes", [])
            yield Record(table, row.line, said)
            for postcode in postcodes:
                yield Record("postcodes", row.line, {"commune": said["code"], "postcode": postcode})

    return build


def _layout(table: str, model: type[models.ImportedRow]) -> Layout:
    scopes = {table: Q()}
    if table == "communes":
        scopes["postcodes"] = Q(cedex_label="")
    return Layout(
        name=table,
        title=model._meta.verbose_name_plural or table,
        columns=_columns(table, model),
        build=_builder(table),
        tables=tuple(scopes),
        scopes=scopes,
        words=(table.replace("_", " "),),
        rank=10,
    )


LAYOUTS = [_layout(table, model) for table, model in OWN]
