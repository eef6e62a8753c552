"""What the forms offer: each function one query, answered by an index, nothing but rows in
service. They return querysets, so that a form can check a choice against them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import (
    COMMUNES_WITH_DISTRICTS,
    BaccalaureateOption,
    BaccalaureateSeries,
    Commune,
    Country,
    Department,
    DiplomaFamily,
    Honours,
    School,
    Speciality,
)

LIVE_KINDS = (CommuneKind.CURRENT, CommuneKind.DISTRICT)


# -- Countries and towns -------------------------------------------------------------------------
def countries() -> QuerySet[Country]:
    """France first, then alphabetical in the reader's language."""
    return Country.objects.countries()


def nationalities() -> QuerySet[Country]:
    """French first, then alphabetical in the reader's language [FILE-INE-01]."""
    return Country.objects.nationalities()


def departments() -> QuerySet[Department]:
    return Department.objects.active().order_by("code")


def communes_of_postcode(postcode: str) -> QuerySet[Commune]:
    """The communes a postcode serves, for an address [FILE-ADR-02]; districts instead of Paris,
    Lyon and Marseille as a whole. CEDEX postcodes are found too where they were imported."""
    return (
        Commune.objects.active()
        .filter(postcodes__postcode=postcode, postcodes__is_active=True, kind__in=LIVE_KINDS)
        .exclude(code__in=COMMUNES_WITH_DISTRICTS)
        .alphabetical()
    )


def birth_communes(department: Department) -> QuerySet[Commune]:
    """The communes of a département one may be born in, those of the past included."""
    return Commune.objects.active().filter(department=department).alphabetical()


# -- Establishments ------------------------------------------------------------------------------
def _teaching(secondary: bool) -> Q:
    return Q(is_active=True, is_secondary=True) if secondary else Q(is_active=True, is_higher=True)


def departments_with_schools(*, secondary: bool) -> QuerySet[Department]:
    """First of the three chained choices [FILE-BAC-05]: `secondary` for the baccalauréat, else
    for the studies after it."""
    schools = School.objects.filter(_teaching(secondary), department=OuterRef("pk"))
    return Department.objects.active().filter(Exists(schools)).order_by("code")


def communes_with_schools(department: Department, *, secondary: bool) -> QuerySet[Commune]:
    schools = School.objects.filter(_teaching(secondary), commune=OuterRef("pk"))
    return Commune.objects.active().filter(Exists(schools), department=department).alphabetical()


def schools_in(commune: Commune, *, secondary: bool) -> QuerySet[School]:
    return School.objects.filter(_teaching(secondary), commune=commune).alphabetical()


# -- Baccalaureate -------------------------------------------------------------------------------
def series_for_year(year: int) -> QuerySet[BaccalaureateSeries]:
    """The series one could obtain in `year`, without the entry « sans bac » [FILE-BAC-04]."""
    return (
        BaccalaureateSeries.objects.active()
        .valid_in(year)
        .filter(is_no_baccalaureate=False)
        .in_order()
    )


def no_baccalaureate_series() -> QuerySet[BaccalaureateSeries]:
    """The entries that say one has no baccalauréat [FILE-BAC-01, 02]."""
    return BaccalaureateSeries.objects.active().filter(is_no_baccalaureate=True).in_order()


def specialities_for(series: BaccalaureateSeries, year: int) -> QuerySet[Speciality]:
    """Empty for a series without specialities: the field is then not shown [FILE-BAC-06]."""
    return (
        Speciality.objects.active()
        .valid_in(year)
        .filter(seriesspeciality__series=series, seriesspeciality__is_active=True)
        .in_order()
    )


def options_for(series: BaccalaureateSeries, year: int) -> QuerySet[BaccalaureateOption]:
    return (
        BaccalaureateOption.objects.active()
        .valid_in(year)
        .filter(seriesoption__series=series, seriesoption__is_active=True)
        .in_order()
    )


# -- Small nomenclatures -------------------------------------------------------------------------
def baccalaureate_honours() -> QuerySet[Honours]:
    return Honours.objects.active().filter(for_baccalaureate=True).in_order()


def diploma_honours() -> QuerySet[Honours]:
    return Honours.objects.active().filter(for_diplomas=True).in_order()


def diploma_families() -> QuerySet[DiplomaFamily]:
    return DiplomaFamily.objects.active().in_order()
