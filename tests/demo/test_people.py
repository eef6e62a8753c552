"""Fictitious people are the same every time and share nothing that must be unique."""

from datetime import date

from candide.admissions.candidates.domain.ine import check_ine
from candide.demo.loading import FIRST_PERSON, SEED
from candide.demo.people import HARD_NAMES, people
from candide.institution.catalogue.models import Institution

TODAY = date(2027, 3, 15)


def test_fifty_thousand_people_share_no_number_address_or_ine():
    everybody = [FIRST_PERSON, *people(50_000, seed=SEED, today=TODAY)]

    assert len({one.file_number for one in everybody}) == 50_001
    assert len({one.email for one in everybody}) == 50_001
    ines = [one.ine for one in everybody if one.ine]
    assert len(set(ines)) == len(ines) > 40_000
    assert {len(one.file_number) for one in everybody} == {8}


def test_the_same_seed_makes_the_same_people_and_another_does_not():
    made = people(200, seed=SEED, today=TODAY)

    assert people(200, seed=SEED, today=TODAY) == made
    assert people(200, seed=SEED + 1, today=TODAY) != made


def test_a_longer_load_begins_with_the_same_people():
    assert people(300, seed=SEED, today=TODAY)[:100] == people(100, seed=SEED, today=TODAY)


def test_names_that_break_software_are_among_them():
    names = {one.last_name for one in people(400, seed=SEED, today=TODAY)}

    assert set(HARD_NAMES) <= names


def test_everybodys_ine_has_the_right_key():
    given = [one.ine for one in people(60, seed=SEED, today=TODAY) if one.ine]

    for ine in given:
        checked = check_ine(ine, institution=Institution())
        assert (checked.blockers, checked.warnings) == ([], [])
