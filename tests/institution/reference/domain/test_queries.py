import pytest
from django.db import connection

from candide.institution.reference.domain import queries
from candide.institution.reference.enums import CommuneKind
from tests.factories.reference import (
    BaccalaureateOptionFactory,
    BaccalaureateSeriesFactory,
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    DiplomaFamilyFactory,
    HonoursFactory,
    SchoolFactory,
    SeriesOptionFactory,
    SeriesSpecialityFactory,
    SpecialityFactory,
)

pytestmark = pytest.mark.django_db


def test_countries_and_nationalities_are_those_of_the_forms():
    france = CountryFactory(france=True)

    assert list(queries.countries()) == [france]
    assert list(queries.nationalities()) == [france]


def test_departments_in_service_by_code():
    corsica = DepartmentFactory(code="2A")
    ain = DepartmentFactory(code="01")
    DepartmentFactory(code="20", is_active=False)

    assert list(queries.departments()) == [ain, corsica]


# -- Towns --------------------------------------------------------------------------------------
def test_communes_of_a_postcode_are_alphabetical():
    """FILE-ADR-02."""
    saran = CommunePostcodeFactory(commune__name="Saran", postcode="45770")
    etampes = CommunePostcodeFactory(commune__name="Étampes", postcode="45770")
    CommunePostcodeFactory(postcode="45000")

    assert list(queries.communes_of_postcode("45770")) == [etampes.commune, saran.commune]


def test_communes_of_a_postcode_leave_out_what_is_out_of_service():
    CommunePostcodeFactory(postcode="45770", is_active=False)
    CommunePostcodeFactory(postcode="45770", commune__is_active=False)
    CommunePostcodeFactory(postcode="45770", commune__former=True)

    assert list(queries.communes_of_postcode("45770")) == []


def test_address_in_paris_is_in_a_district():
    paris = CommuneFactory(insee="75056", name="Paris")
    district = CommuneFactory(insee="75105", name="Paris 5e", kind=CommuneKind.DISTRICT)
    CommunePostcodeFactory(commune=paris, postcode="75005")
    CommunePostcodeFactory(commune=district, postcode="75005")

    assert list(queries.communes_of_postcode("75005")) == [district]


def test_one_may_be_born_in_a_commune_of_the_past():
    loiret = DepartmentFactory(code="45")
    today = CommuneFactory(department=loiret, name="Orléans")
    former = CommuneFactory(department=loiret, name="Saint-Marceau", former=True)
    CommuneFactory(department=loiret, is_active=False)
    CommuneFactory(department=DepartmentFactory(code="18"))

    assert list(queries.birth_communes(loiret)) == [today, former]


# -- Establishments -----------------------------------------------------------------------------
@pytest.fixture
def schools():
    """A lycée and a university in different départements, a lycée closed in a third."""
    loiret, cher, ain = (DepartmentFactory(code=code) for code in ("45", "18", "01"))
    lycee = SchoolFactory(commune__department=loiret)
    university = SchoolFactory(university=True, commune__department=cher)
    closed = SchoolFactory(is_active=False, commune__department=ain)
    return {"lycee": lycee, "university": university, "closed": closed}


@pytest.mark.parametrize(("secondary", "name"), [(True, "lycee"), (False, "university")])
def test_place_of_study_is_chosen_in_three_steps(schools, secondary, name):
    """FILE-BAC-05: only where there is something to choose at the next step."""
    school = schools[name]

    departments = queries.departments_with_schools(secondary=secondary)
    communes = queries.communes_with_schools(school.department, secondary=secondary)
    found = queries.schools_in(school.commune, secondary=secondary)

    assert list(departments) == [school.department]
    assert list(communes) == [school.commune]
    assert list(found) == [school]


@pytest.mark.parametrize(("secondary", "name"), [(False, "lycee"), (True, "university")])
def test_place_of_another_level_is_not_offered(schools, secondary, name):
    school = schools[name]

    communes = queries.communes_with_schools(school.department, secondary=secondary)

    assert list(communes) == []
    assert list(queries.schools_in(school.commune, secondary=secondary)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_each_choice_costs_one_query(count, django_assert_num_queries):
    loiret = DepartmentFactory(code="45")
    communes = [CommuneFactory(department=loiret) for _ in range(count)]
    for commune in communes:
        CommunePostcodeFactory(commune=commune, postcode="45000")
        SchoolFactory(commune=commune)
    shown = [
        queries.communes_of_postcode("45000"),
        queries.birth_communes(loiret),
        queries.departments_with_schools(secondary=True),
        queries.communes_with_schools(loiret, secondary=True),
        queries.schools_in(communes[0], secondary=True),
    ]

    for rows in shown:
        with django_assert_num_queries(1):
            [row.label for row in rows]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
def test_large_tables_are_never_read_whole():
    commune = CommuneFactory()
    asked = [
        queries.communes_of_postcode("45000"),
        queries.birth_communes(commune.department),
        queries.communes_with_schools(commune.department, secondary=True),
        queries.schools_in(commune, secondary=True),
    ]

    plans = [rows.explain() for rows in asked]

    assert [plan for plan in plans if "SCAN" in plan] == []


# -- Baccalauréat -------------------------------------------------------------------------------
def test_series_of_a_year_are_those_one_could_take():
    """FILE-BAC-04."""
    general = BaccalaureateSeriesFactory(general=True)
    literary = BaccalaureateSeriesFactory(valid_from_year=1995, valid_until_year=2020)
    foreign = BaccalaureateSeriesFactory(position=9)
    BaccalaureateSeriesFactory(no_baccalaureate=True)
    BaccalaureateSeriesFactory(is_active=False)

    assert list(queries.series_for_year(2021)) == [general, foreign]
    assert list(queries.series_for_year(2020)) == [literary, foreign]


def test_no_baccalaureate_is_an_entry_of_its_own():
    """FILE-BAC-01, 02."""
    BaccalaureateSeriesFactory()
    none = BaccalaureateSeriesFactory(no_baccalaureate=True)

    assert list(queries.no_baccalaureate_series()) == [none]


def test_specialities_and_options_are_those_of_series_and_year():
    """FILE-BAC-06."""
    general = BaccalaureateSeriesFactory(general=True)
    other = BaccalaureateSeriesFactory()
    mathematics = SpecialityFactory(valid_from_year=2021)
    sport = SpecialityFactory(valid_from_year=2023, position=1)
    advanced = BaccalaureateOptionFactory(valid_from_year=2021)
    for speciality in (mathematics, sport):
        SeriesSpecialityFactory(series=general, speciality=speciality)
    SeriesSpecialityFactory(series=general, is_active=False)
    SeriesSpecialityFactory(series=other)
    SeriesOptionFactory(series=general, option=advanced)
    SeriesOptionFactory(series=general, is_active=False)

    assert list(queries.specialities_for(general, 2021)) == [mathematics]
    assert list(queries.specialities_for(general, 2023)) == [mathematics, sport]
    assert list(queries.options_for(general, 2021)) == [advanced]
    assert list(queries.options_for(other, 2021)) == []


# -- Small nomenclatures ------------------------------------------------------------------------
def test_honours_of_a_diploma_are_not_all_those_of_the_baccalaureate():
    good = HonoursFactory()
    congratulations = HonoursFactory(for_diplomas=False, position=1)
    honourable = HonoursFactory(for_baccalaureate=False, position=2)

    assert list(queries.baccalaureate_honours()) == [good, congratulations]
    assert list(queries.diploma_honours()) == [good, honourable]


def test_diploma_families_in_service():
    family = DiplomaFamilyFactory()
    DiplomaFamilyFactory(is_active=False)

    assert list(queries.diploma_families()) == [family]
