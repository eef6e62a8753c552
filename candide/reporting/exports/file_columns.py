"""Columns of what candidates say of themselves: identity, address, schooling [back-office 22.3]."""

from typing import Any

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.domain.ine import without_key
from candide.admissions.candidates.enums import Civility
from candide.admissions.candidates.models import ExternalStudies
from candide.admissions.candidates.models.place import address_lines
from candide.reporting.exports.columns import Column, Kind, at

CANDIDATE, ADDRESS, SCHOOLING = "candidate", "address", "schooling"


_BLOCK = ("line_1", "line_2", "line_3", "postcode", "commune", "foreign_city", "country")


def either(first: Any, second: Any) -> Any:
    return first or second


def _address(*parts: Any) -> str:
    """The postal address in one cell; France is not named [22.3]."""
    *_others, country = parts
    return ", ".join(address_lines(*parts)) if country else ""


def _abroad(country: Any) -> Any:
    """The country, unless it is France [22.3]."""
    return None if country is None or country.is_france else country


def _ine_key(ine: str) -> str:
    return ine.removeprefix(without_key(ine))


def _last_elsewhere(*names: str) -> Any:
    """The first of `names` that is filled in, of the most recent studies elsewhere."""
    rows = ExternalStudies.objects.filter(candidate=OuterRef("candidate")).order_by("-year", "-pk")
    values = [NullIf(name, Value("")) for name in names]
    said = Coalesce(*values, Value("")) if len(values) > 1 else values[0]
    return Subquery(rows.annotate(said=said).values("said")[:1])


def _bac(code: str, heading: Any, name: str) -> Column:
    """One thing the baccalaureate points at."""
    return Column(code, heading, SCHOOLING, at(f"candidate.baccalaureate.{name}"))


def _line(code: str, heading: Any, name: str, kind: Kind = Kind.TEXT) -> Column:
    """One line of the address."""
    return Column(code, heading, ADDRESS, at(f"candidate.address.{name}"), kind)


FILE_COLUMNS: tuple[Column, ...] = (
    Column("civility", _("Civility"), CANDIDATE, at("candidate.civility"), Kind.CHOICE,
           choices=Civility),
    Column("usual_name", _("Usual name"), CANDIDATE, at("candidate.usual_name")),
    Column("other_first_name", _("Other first name"), CANDIDATE, at("candidate.other_first_name")),
    Column("birth_department", _("Département of birth"), CANDIDATE,
           at("candidate.birth_department")),
    Column("birth_town", _("Town of birth"), CANDIDATE, at("candidate.birth_city")),
    Column("ine_number", _("INE without its key"), CANDIDATE,
           at("candidate.ine", make=without_key)),
    Column("ine_key", _("Key of the INE"), CANDIDATE, at("candidate.ine", make=_ine_key)),
    Column("phone", _("Telephone"), CANDIDATE, at("candidate.phone")),
    Column("language", _("Language"), CANDIDATE, at("candidate.user.language")),
    # Address
    Column("address", _("Whole address"), ADDRESS,
           at(*[f"candidate.address.{name}" for name in _BLOCK], make=_address)),
    _line("address_1", _("Address, line 1"), "line_1"),
    _line("address_2", _("Address, line 2"), "line_2"),
    _line("address_3", _("Address, line 3"), "line_3"),
    _line("postcode", _("Postcode"), "postcode"),
    _line("commune", _("Commune in France"), "commune"),
    _line("foreign_city", _("Town abroad"), "foreign_city"),
    Column("address_country", _("Country, unless France"), ADDRESS,
           at("candidate.address.country", make=_abroad)),
    # Schooling
    _bac("bac_country", _("Country of the baccalaureate"), "country"),
    _bac("bac_department", _("Département of the baccalaureate"), "department"),
    _bac("bac_commune", _("Commune of the baccalaureate"), "commune"),
    Column("bac_school", _("School of the baccalaureate"), SCHOOLING,
           at("candidate.baccalaureate.school", "candidate.baccalaureate.school_name",
              make=either)),
    _bac("bac_speciality_1", _("Speciality 1"), "speciality_1"),
    _bac("bac_speciality_2", _("Speciality 2"), "speciality_2"),
    _bac("bac_speciality_dropped", _("Speciality dropped"), "speciality_dropped"),
    _bac("bac_option_1", _("Option 1"), "option_1"),
    _bac("bac_option_2", _("Option 2"), "option_2"),
    _bac("bac_option_3", _("Option 3"), "option_3"),
    _bac("bac_option_4", _("Option 4"), "option_4"),
    Column("last_school", _("Last establishment"), SCHOOLING, at("last_school"),
           annotated=lambda: {"last_school": _last_elsewhere("school__name", "school_name")}),
    Column("last_diploma", _("Last diploma"), SCHOOLING, at("last_diploma"),
           annotated=lambda: {"last_diploma": _last_elsewhere("family__name")}),
)  # fmt: skip
