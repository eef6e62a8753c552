"""The address [FILE-ADR]."""

from dataclasses import replace

import pytest

from candide.admissions.candidates.domain.address import (
    AddressEntry,
    address_blockers,
    save_address,
    tidy_address,
)
from candide.admissions.candidates.domain.saving import StaleVersion
from candide.admissions.candidates.models import Address
from candide.core.blockers import Refused
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import CommuneFactory, CommunePostcodeFactory


@pytest.fixture
def entry(places):
    return AddressEntry(
        country=places.france, postcode="45000", commune=places.orleans, line_1="1 rue du Port"
    )


@pytest.fixture
def alix(db):
    return CandidateFactory()


def checked(entry, kept=None):
    blockers = address_blockers(tidy_address(entry), kept=kept)
    return [(blocker.code, blocker.about.removeprefix("field:")) for blocker in blockers]


def save(candidate, entry, version=0, **kwargs):
    return save_address(candidate, entry=entry, version=version, by=candidate.user, **kwargs)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"postcode": "45 000"}, []),
        ({"country": None}, [("required", "country")]),
        ({"postcode": ""}, [("required", "postcode")]),
        ({"postcode": "4500"}, [("postcode", "postcode")]),
        ({"postcode": "4500A"}, [("postcode", "postcode")]),
        ({"postcode": "99999"}, [("commune_of_postcode", "commune")]),
        ({"postcode": "99999", "commune": None}, [("postcode_unknown", "postcode")]),
        ({"commune": None}, [("required", "commune")]),
        ({"line_1": "  "}, [("required", "line_1")]),
        ({"line_1": "x" * 39}, [("too_long", "line_1")]),
        (
            {"line_2": "x" * 39, "line_3": "x" * 39},
            [("too_long", "line_2"), ("too_long", "line_3")],
        ),
    ],
)
def test_address_in_france_is_checked(entry, change, expected):
    """FILE-ADR-02."""
    assert checked(replace(entry, **change)) == expected


def test_commune_goes_with_the_postcode(entry, places):
    elsewhere = CommunePostcodeFactory(
        commune=CommuneFactory(department=places.loiret), postcode="45160"
    )

    assert checked(replace(entry, commune=elsewhere.commune)) == [
        ("commune_of_postcode", "commune")
    ]


def test_address_abroad_has_a_town_and_no_commune(entry, places):
    """FILE-ADR-03."""
    abroad = replace(entry, country=places.belgium)

    tidied = tidy_address(replace(abroad, foreign_city=" Liège "))

    assert checked(abroad) == [("required", "foreign_city")]
    assert (tidied.postcode, tidied.commune, tidied.foreign_city) == ("", None, "Liège")
    assert checked(replace(abroad, foreign_city="x" * 39)) == [("too_long", "foreign_city")]


def test_town_abroad_is_dropped_in_france(entry):
    assert tidy_address(replace(entry, foreign_city="Liège")).foreign_city == ""


def test_saved_address_is_written_clean(alix, entry):
    address = save(alix, replace(entry, line_1=" <b>1</b>  rue du Port ", postcode="45 100"))

    stored = Address.objects.get()
    assert stored == address
    assert (stored.line_1, stored.postcode, stored.version) == ("1 rue du Port", "45100", 1)


def test_address_block_comes_in_the_order_of_an_envelope(alix, entry, places):
    """FILE-ADR-04."""
    full = replace(entry, line_2="Bâtiment B", line_3="Chambre 4")
    address = save(alix, full)
    assert address.lines == ["1 rue du Port", "Bâtiment B", "Chambre 4", "45000 Orléans"]

    abroad = replace(entry, country=places.belgium, foreign_city="Liège")
    moved = save(alix, abroad, version=1)

    assert moved.lines == ["1 rue du Port", "Liège", "Belgique"]


def test_refused_address_is_not_saved(alix, entry):
    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, line_1=""))

    assert refusal.value.codes == ["required"]
    assert not Address.objects.exists()


def test_stale_save_tells_what_is_kept(alix, entry):
    save(alix, entry)

    with pytest.raises(StaleVersion) as refusal:
        save(alix, replace(entry, line_1="2 rue du Port"), version=0)

    assert refusal.value.current.line_1 == "1 rue du Port"


def test_one_window_saves_again_and_again(alix, entry):
    """An autosave still under way makes no conflict with the save after it."""
    save(alix, entry, tab="a")
    save(alix, replace(entry, line_1="2 rue du Port"), version=0, tab="a")

    again = save(alix, replace(entry, line_1="3 rue du Port"), version=0, tab="a")

    assert (again.line_1, again.version) == ("3 rue du Port", 3)


def test_another_window_in_between_makes_it_stale(alix, entry):
    save(alix, entry, tab="a")
    save(alix, replace(entry, line_1="2 rue du Port"), version=1, tab="b")

    with pytest.raises(StaleVersion):
        save(alix, replace(entry, line_1="3 rue du Port"), version=1, tab="a")


def test_window_that_saw_the_other_goes_on_from_there(alix, entry):
    save(alix, entry, tab="a")
    save(alix, replace(entry, line_1="2 rue du Port"), version=1, tab="b")
    save(alix, replace(entry, line_1="3 rue du Port"), version=2, tab="a")

    with pytest.raises(StaleVersion):
        save(alix, replace(entry, line_1="4 rue du Port"), version=1, tab="a")


def test_commune_out_of_service_stays_where_it_is_kept(alix, entry, places):
    address = save(alix, entry)
    places.orleans.is_active = False
    places.orleans.save()

    changed = save(alix, replace(entry, line_1="2 rue du Port"), version=1)

    assert changed.commune == places.orleans
    assert checked(entry, kept=address) == []
    assert checked(entry) == [("commune_of_postcode", "commune")]


def test_imported_address_becomes_own_when_changed(alix, entry):
    save(alix, entry)
    Address.objects.update(is_imported=True)

    assert save(alix, entry, version=1).is_imported is True
    assert save(alix, replace(entry, line_1="Ailleurs"), version=1).is_imported is False
