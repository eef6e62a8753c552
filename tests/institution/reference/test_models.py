import pytest
from django.db import IntegrityError
from django.utils.translation import override

from candide.institution.reference.enums import CommuneKind
from candide.institution.reference.models import Country, School, Speciality
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    SchoolFactory,
    SeriesOptionFactory,
    SeriesSpecialityFactory,
    SpecialityFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "name_en", "display_name", "label"),
    [
        ("fr", "Germany", "", "ALLEMAGNE"),
        ("fr", "Germany", "Allemagne", "Allemagne"),
        ("en", "Germany", "Allemagne", "Germany"),
        ("en", "", "Allemagne", "Allemagne"),
    ],
)
def test_label_is_in_the_language_of_the_reader(language, name_en, display_name, label):
    germany = CountryFactory(name="ALLEMAGNE", name_en=name_en, display_name=display_name)

    with override(language):
        assert germany.label == label
        assert str(germany) == label


@pytest.mark.parametrize(
    ("language", "nationality_en", "label"),
    [("fr", "German", "Allemande"), ("en", "German", "German"), ("en", "", "Allemande")],
)
def test_nationality_label_is_in_the_language_of_the_reader(language, nationality_en, label):
    germany = CountryFactory(nationality="Allemande", nationality_en=nationality_en)

    with override(language):
        assert germany.nationality_label == label


def test_france_is_known_by_its_code():
    assert CountryFactory(france=True).is_france
    assert not CountryFactory().is_france


def test_search_text_has_neither_accents_nor_capitals():
    school = SchoolFactory(
        name="Lycée Saint-Exupéry", short_name="LSE", city="Orléans", code="0450001Z"
    )

    assert school.search_text == "lycee saint exupery lse orleans 0450001z"


def test_search_text_is_no_longer_than_its_column():
    school = SchoolFactory(name="é" * 255, short_name="é" * 100, city="é" * 100)
    school.searched_fields = ("name", "name", "name")

    school.fill_in()

    assert len(school.search_text) == 600


def test_matching_wants_every_word_in_any_order():
    wanted = SchoolFactory(name="Lycée Pothier", city="Orléans")
    SchoolFactory(name="Lycée Voltaire", city="Orléans")

    assert list(School.objects.matching("orléans POTHIER")) == [wanted]


@pytest.mark.parametrize(
    ("begun", "over", "year", "is_valid"),
    [
        (None, None, 1950, True),
        (2021, None, 2020, False),
        (2021, None, 2021, True),
        (None, 2020, 2020, True),
        (None, 2020, 2021, False),
        (1995, 2020, 2000, True),
    ],
)
def test_valid_in_takes_an_empty_bound_as_open(begun, over, year, is_valid):
    """FILE-BAC-04."""
    line = SpecialityFactory(valid_from_year=begun, valid_until_year=over)

    assert list(Speciality.objects.valid_in(year)) == ([line] if is_valid else [])


def test_years_out_of_order_are_never_stored():
    with pytest.raises(IntegrityError):
        SpecialityFactory(valid_from_year=2021, valid_until_year=2020)


def test_small_tables_are_read_by_position_then_by_name():
    last = SpecialityFactory(position=2, name="Arts")
    second = SpecialityFactory(position=1, name="Étude")
    first = SpecialityFactory(position=1, name="Danse")

    assert list(Speciality.objects.in_order()) == [first, second, last]


def test_countries_begin_with_france_then_follow_the_alphabet_of_the_reader():
    """FILE-INE-01."""
    sweden = CountryFactory(name="Suède", name_en="Sweden")
    egypt = CountryFactory(name="Égypte", name_en="Egypt")
    germany = CountryFactory(name="Allemagne", name_en="Germany")
    france = CountryFactory(france=True)
    CountryFactory(name="Tchécoslovaquie", is_active=False)
    CountryFactory(name="Bermudes", is_principal=False)
    CountryFactory(name="Apatride", is_country=False)

    assert list(Country.objects.countries()) == [france, germany, egypt, sweden]
    with override("en"):
        assert list(Country.objects.countries()) == [france, egypt, germany, sweden]


def test_nationalities_begin_with_french_and_have_the_stateless():
    """FILE-INE-01."""
    danish = CountryFactory(nationality="Danoise", nationality_en="Danish")
    egyptian = CountryFactory(nationality="Égyptienne", nationality_en="Egyptian")
    german = CountryFactory(nationality="Allemande", nationality_en="German")
    stateless = CountryFactory(nationality="Apatride", nationality_en="Stateless", is_country=False)
    french = CountryFactory(france=True)
    CountryFactory(nationality="")

    assert list(Country.objects.nationalities()) == [french, german, stateless, danish, egyptian]
    with override("en"):
        shown = list(Country.objects.nationalities())
        assert shown == [french, danish, egyptian, german, stateless]


@pytest.mark.parametrize(("code", "apogee"), [("01", "001"), ("2A", "02A"), ("971", "971")])
def test_department_knows_its_code_in_apogee(code, apogee):
    assert DepartmentFactory(code=code).apogee_code == apogee


def test_district_is_an_arrondissement():
    assert CommuneFactory(district=True).is_arrondissement
    assert not CommuneFactory(kind=CommuneKind.CURRENT).is_arrondissement


def test_postcode_serves_a_commune_once():
    postcode = CommunePostcodeFactory(postcode="45000")

    assert str(postcode) == "45000"
    with pytest.raises(IntegrityError):
        CommunePostcodeFactory(commune=postcode.commune, postcode="45000")


def test_links_of_a_series_read_as_its_ends():
    series = BaccalaureateSeriesFactory(general=True)
    speciality = SeriesSpecialityFactory(series=series)
    option = SeriesOptionFactory(series=series)

    assert list(series.specialities.all()) == [speciality.speciality]
    assert list(series.options.all()) == [option.option]
    assert str(speciality) == f"{series.pk}-{speciality.speciality_id}"
    assert str(option) == f"{series.pk}-{option.option_id}"
