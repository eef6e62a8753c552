"""The baccalaureate, its equivalents, and having none [FILE-BAC]."""

from dataclasses import replace
from datetime import date

import pytest

from candide.admissions.candidates.domain.baccalaureate import (
    BaccalaureateEntry,
    baccalaureate_blockers,
    save_baccalaureate,
    tidy_baccalaureate,
)
from candide.admissions.candidates.domain.saving import StaleVersion
from candide.admissions.candidates.models import Baccalaureate
from candide.core.blockers import Refused
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import (
    BaccalaureateOptionFactory,
    BaccalaureateSeriesFactory,
    CommuneFactory,
    SchoolFactory,
    SeriesOptionFactory,
    SeriesSpecialityFactory,
    SpecialityFactory,
)

TODAY = date(2027, 3, 15)


@pytest.fixture
def general(db):
    return BaccalaureateSeriesFactory(general=True)


@pytest.fixture
def none(db):
    return BaccalaureateSeriesFactory(no_baccalaureate=True)


@pytest.fixture
def entry(places, general):
    return BaccalaureateEntry(
        series=general,
        year=2024,
        country=places.france,
        department=places.loiret,
        commune=places.orleans,
        school=places.lycee,
    )


@pytest.fixture
def alix(db):
    return CandidateFactory()


def checked(entry, kept=None):
    blockers = baccalaureate_blockers(tidy_baccalaureate(entry), today=TODAY, kept=kept)
    return [(blocker.code, blocker.about.removeprefix("field:")) for blocker in blockers]


def save(candidate, entry, now, version=0, **kwargs):
    return save_baccalaureate(
        candidate, entry=entry, version=version, by=candidate.user, now=now, **kwargs
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"year": None}, [("required", "year")]),
        ({"year": 1899}, [("year", "year"), ("series_of_year", "series")]),
        ({"year": 2028}, [("year", "year")]),
        ({"year": 2027}, []),
        ({"year": 2020}, [("series_of_year", "series")]),
        ({"series": None}, [("required", "series")]),
        ({"country": None}, [("required", "country")]),
        (
            {"department": None, "school": None},
            [
                ("required", "department"),
                ("school_missing", "school"),
                ("commune_of_department", "commune"),
            ],
        ),
        ({"school": None}, [("school_missing", "school")]),
        ({"school": None, "school_name": "Lycée du bout du monde"}, []),
        ({"school_name": "Lycée Pothier"}, [("school_twice", "school_name")]),
        ({"school": None, "school_name": "x" * 201}, [("too_long", "school_name")]),
    ],
)
def test_entry_is_checked(entry, change, expected):
    """FILE-BAC-03, 04."""
    assert checked(replace(entry, **change)) == expected


def test_baccalaureate_of_any_country_can_be_entered(entry, places, general):
    """A school abroad is named freely, or not at all [FILE-EXT-04 REC]."""
    abroad = replace(entry, country=places.belgium, school=None)

    assert checked(abroad) == []
    assert checked(replace(abroad, school_name="Athénée royal")) == []
    tidied = tidy_baccalaureate(abroad)
    assert (tidied.department, tidied.commune, tidied.school) == (None, None, None)


def test_school_says_where_it_is(entry, places):
    """FILE-BAC-05."""
    other = SchoolFactory(commune=CommuneFactory(department=places.indre))

    tidied = tidy_baccalaureate(replace(entry, school=other))

    assert (tidied.department, tidied.commune) == (places.indre, other.commune)


def test_university_is_no_school_for_the_baccalaureate(entry, places):
    assert checked(replace(entry, school=places.university)) == [("school_unknown", "school")]


def test_commune_of_another_department_is_refused(entry, places):
    elsewhere = CommuneFactory(department=places.indre)
    unlisted = replace(entry, school=None, school_name="Lycée", commune=elsewhere)

    assert checked(unlisted) == [("commune_of_department", "commune")]


def test_no_baccalaureate_empties_everything_else(entry, none):
    """FILE-BAC-02."""
    assert checked(replace(entry, series=none, year=1800)) == []
    assert tidy_baccalaureate(replace(entry, series=none)) == BaccalaureateEntry(series=none)


@pytest.fixture
def subjects(general):
    """Two specialities and two options of the general series, and one of each that is not."""
    maths, physics = (SeriesSpecialityFactory(series=general).speciality for _each in range(2))
    latin, greek = (SeriesOptionFactory(series=general).option for _each in range(2))
    return {
        "maths": maths,
        "physics": physics,
        "foreign": SpecialityFactory(),
        "latin": latin,
        "greek": greek,
        "foreign_option": BaccalaureateOptionFactory(),
    }


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"speciality_1": "maths", "speciality_2": "physics"}, []),
        ({"option_1": "latin", "option_4": "greek"}, []),
        (
            {"speciality_1": "maths", "speciality_2": "maths"},
            [("subject_twice", "speciality_2")],
        ),
        (
            {"speciality_1": "maths", "speciality_dropped": "maths"},
            [("subject_twice", "speciality_dropped")],
        ),
        ({"option_1": "latin", "option_3": "latin"}, [("subject_twice", "option_3")]),
        ({"speciality_1": "foreign"}, [("subject_of_series", "speciality_1")]),
        ({"option_2": "foreign_option"}, [("subject_of_series", "option_2")]),
    ],
)
def test_subjects_are_of_the_series_and_none_twice(entry, subjects, chosen, expected):
    """FILE-BAC-06."""
    change = {name: subjects[subject] for name, subject in chosen.items()}

    assert checked(replace(entry, **change)) == expected


def test_subject_out_of_service_stays_where_it_is_kept(alix, entry, subjects, now):
    kept = save(alix, replace(entry, speciality_1=subjects["maths"]), now)
    subjects["maths"].is_active = False
    subjects["maths"].save()

    assert checked(replace(entry, speciality_1=subjects["maths"]), kept=kept) == []


def test_series_out_of_service_stays_where_it_is_kept(alix, entry, general, now):
    kept = save(alix, entry, now)
    general.is_active = False
    general.save()

    assert checked(entry, kept=kept) == []
    assert checked(replace(entry, year=2025), kept=kept) == [("series_of_year", "series")]


def test_closed_school_stays_where_it_is_kept(alix, entry, places, now):
    kept = save(alix, entry, now)
    places.lycee.is_active = False
    places.lycee.save()

    assert checked(entry, kept=kept) == []
    assert checked(entry) == [("school_unknown", "school")]


def test_saved_baccalaureate_can_become_none(alix, entry, none, now):
    save(alix, entry, now)

    saved = save(alix, BaccalaureateEntry(series=none), now, version=1)

    stored = Baccalaureate.objects.get()
    assert stored == saved
    assert (stored.series, stored.year, stored.school, stored.version) == (none, None, None, 2)


def test_refused_baccalaureate_is_not_saved(alix, entry, now):
    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, year=2028, country=None), now)

    assert refusal.value.codes == ["year", "required"]
    assert not Baccalaureate.objects.exists()


def test_stale_save_tells_what_is_kept(alix, entry, now):
    save(alix, entry, now)

    with pytest.raises(StaleVersion) as refusal:
        save(alix, replace(entry, year=2025), now)

    assert refusal.value.current.year == 2024


def test_imported_baccalaureate_is_not_changed(alix, entry, now):
    """FILE-BAC-08."""
    save(alix, entry, now)
    Baccalaureate.objects.update(is_imported=True)

    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, year=2025), now, version=1)
    by_staff = save(alix, replace(entry, year=2025), now, version=1, enforce_import=False)

    assert refusal.value.codes == ["imported_baccalaureate"]
    assert by_staff.year == 2025
