"""Personal information: both steps, their checks, who saved meanwhile [FILE-INE, FILE-PER]."""

from dataclasses import replace
from datetime import date

import pytest

from candide.admissions.candidates.domain.drafts import draft_of, keep_draft
from candide.admissions.candidates.domain.identity import (
    IdentityEntry,
    birth_date_bounds,
    civil_status_blockers,
    identity_entry,
    nationality_blockers,
    save_identity,
    tidy_identity,
)
from candide.admissions.candidates.domain.saving import StaleVersion
from candide.admissions.candidates.enums import CandidateEvent, IneState, Section
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.reference import CommuneFactory

TODAY = date(2027, 3, 15)


@pytest.fixture
def alix(db):
    return UserFactory()


@pytest.fixture
def entry(places):
    return IdentityEntry(
        nationality=places.france,
        civility="Mme",
        birth_name="Martin",
        first_name="Alix",
        born_on=date(2006, 5, 4),
        birth_country=places.france,
        birth_department=places.loiret,
        birth_city="Orléans",
    )


def save(user, entry, *, now, version=0, **kwargs):
    return save_identity(user, entry=entry, version=version, by=user, now=now, **kwargs)


def codes(blockers):
    return [(blocker.code, blocker.about.removeprefix("field:")) for blocker in blockers]


def checked(entry, today=TODAY):
    return codes(civil_status_blockers(tidy_identity(entry), today=today))


# -- Checks ----------------------------------------------------------------------------------------
def test_complete_entry_has_no_blocker(entry):
    assert checked(entry) == []


def test_empty_entry_names_every_missing_field():
    assert checked(IdentityEntry()) == [
        ("required", "civility"),
        ("required", "birth_name"),
        ("required", "first_name"),
        ("required", "born_on"),
        ("required", "birth_country"),
        ("required", "birth_city"),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"civility": "Dr"}, [("unknown_choice", "civility")]),
        ({"birth_name": "123"}, [("no_letter", "birth_name")]),
        ({"birth_name": "x" * 101}, [("too_long", "birth_name")]),
        ({"birth_name": "Dupont-" * 8 + "Ibn"}, []),
        ({"usual_name": "O'Brien"}, []),
        ({"first_name": ""}, [("required", "first_name")]),
        ({"first_name": "", "has_single_name": True}, []),
        ({"other_first_name": "–"}, [("no_letter", "other_first_name")]),
        ({"birth_city": ""}, [("required", "birth_city")]),
        ({"birth_department": None}, [("required", "birth_department")]),
        ({"phone": "12"}, [("phone", "phone")]),
        ({"mobile": "aa"}, [("phone", "mobile")]),
        ({"language": "xx"}, [("unknown_choice", "language")]),
        ({"language": "en"}, []),
    ],
)
def test_each_field_is_checked(entry, change, expected):
    assert checked(replace(entry, **change)) == expected


def test_born_abroad_needs_no_department(entry, places):
    """FILE-PER-03."""
    abroad = replace(entry, birth_country=places.belgium, birth_city="Liège")

    assert checked(replace(abroad, birth_department=None)) == []
    assert tidy_identity(abroad).birth_department is None


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2027, 3, 15), date(1927, 3, 15), date(2017, 3, 14)),
        (date(2028, 2, 29), date(1928, 2, 29), date(2018, 2, 27)),
        (date(2100, 3, 1), date(2000, 3, 1), date(2090, 2, 28)),
        (date(2000, 2, 29), date(1900, 2, 28), date(1990, 2, 27)),
        (date(2018, 3, 1), date(1918, 3, 1), date(2008, 2, 29)),
    ],
)
def test_birth_date_bounds_know_leap_days(today, first, last):
    """FILE-PER-01."""
    assert birth_date_bounds(today) == (first, last)


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(1927, 3, 14), [("birth_date", "born_on")]),
        (date(1927, 3, 15), []),
        (date(2017, 3, 14), []),
        (date(2017, 3, 15), [("birth_date", "born_on")]),
        (date(2004, 2, 29), []),
    ],
)
def test_birth_date_is_between_ten_and_a_hundred_years_ago(entry, born_on, expected):
    """FILE-PER-01."""
    assert checked(replace(entry, born_on=born_on)) == expected


@pytest.mark.parametrize(
    ("ine", "expected"),
    [("", []), ("1856816120S", []), ("1856816120C", [("ine_key", "ine")])],
)
def test_first_step_needs_a_nationality_and_never_an_ine(places, ine, expected):
    """FILE-INE-01, FILE-INE-07."""
    institution = Institution()

    assert codes(nationality_blockers(places.france, ine, institution=institution)) == expected
    assert codes(nationality_blockers(None, ine, institution=institution)) == [
        ("required", "nationality"),
        *expected,
    ]


# -- Saving ----------------------------------------------------------------------------------------
def test_first_save_begins_the_file(alix, entry, now):
    candidate = save(alix, replace(entry, ine=" 1856816120 s", phone="06 12 34 56 78"), now=now)

    stored = Candidate.objects.get()
    assert stored == candidate
    assert (stored.birth_name, stored.first_name, stored.birth_city) == (
        "MARTIN",
        "ALIX",
        "ORLÉANS",
    )
    assert (stored.ine, stored.ine_state) == ("1856816120S", IneState.CONFIRMED)
    assert (stored.phone, stored.version) == ("+33612345678", 1)
    assert stored.search_text == f"{alix.file_number.lower()} martin alix 1856816120s"
    [entry_of_history] = entries_about(candidate)
    assert entry_of_history.event == CandidateEvent.SECTION_SAVED
    assert entry_of_history.data["section"] == "identity"


def test_history_holds_names_of_fields_only(alix, entry, now):
    candidate = save(alix, entry, now=now)

    save(alix, replace(entry, birth_name="Durand"), now=now, version=1)

    assert entries_about(candidate).first().data == {
        "section": "identity",
        "fields": ["birth_name"],
    }


def test_refused_save_changes_nothing(alix, entry, now):
    save(alix, entry, now=now)

    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, birth_name="", ine="1856816120C"), now=now, version=1)

    assert codes(refusal.value.blockers) == [("ine_key", "ine"), ("required", "birth_name")]
    assert Candidate.objects.get().birth_name == "MARTIN"


def test_wrong_ine_can_be_emptied_to_go_on(alix, entry, now):
    with pytest.raises(Refused):
        save(alix, replace(entry, ine="1856816120C"), now=now)

    candidate = save(alix, replace(entry, ine=""), now=now)

    assert (candidate.ine, candidate.ine_state) == ("", IneState.NONE)


def test_save_after_somebody_elses_is_refused_with_the_current_row(alix, entry, now):
    save(alix, entry, now=now)
    save(alix, replace(entry, birth_name="Durand"), now=now, version=1)

    with pytest.raises(StaleVersion) as refusal:
        save(alix, replace(entry, birth_name="Petit"), now=now, version=1)

    assert refusal.value.codes == ["stale_version"]
    assert refusal.value.current.birth_name == "DURAND"
    assert Candidate.objects.get().birth_name == "DURAND"


def test_second_first_save_is_stale(alix, entry, now):
    save(alix, entry, now=now)

    with pytest.raises(StaleVersion):
        save(alix, replace(entry, birth_name="Petit"), now=now, version=0)


def test_saving_what_somebody_saved_already_is_fine(alix, entry, now):
    save(alix, entry, now=now)

    again = save(alix, entry, now=now, version=0)

    assert again.version == 1


def test_saving_drops_the_draft(alix, entry, now):
    keep_draft(alix, section=Section.IDENTITY, values={"birth_name": "Mart"})

    save(alix, entry, now=now)

    assert draft_of(alix, section=Section.IDENTITY) is None


def test_preferred_language_becomes_that_of_the_account(alix, entry, now):
    """FILE-PER-05."""
    save(alix, replace(entry, language="en"), now=now)

    alix.refresh_from_db()
    assert alix.language == "en"


def test_commune_of_birth_is_found_by_its_name(alix, entry, places, now):
    candidate = save(alix, replace(entry, birth_city="orleans"), now=now)

    assert candidate.birth_commune == places.orleans


def test_commune_of_birth_is_left_open_when_two_have_the_name(alix, entry, places, now):
    for _each in range(2):
        CommuneFactory(department=places.loiret, name="Saint-Aubin")

    candidate = save(alix, replace(entry, birth_city="Saint Aubin"), now=now)

    assert (candidate.birth_commune, candidate.birth_city) == (None, "SAINT AUBIN")


def test_commune_of_today_wins_over_one_of_the_past(alix, entry, places, now):
    CommuneFactory(department=places.loiret, name="Orléans", former=True)

    assert save(alix, entry, now=now).birth_commune == places.orleans


def test_imported_identity_stays_and_contacts_change(alix, entry, now):
    """FILE-PER-06."""
    candidate = save(alix, replace(entry, ine="1856816120S"), now=now)
    Candidate.objects.update(is_imported=True)
    typed = replace(entry, ine="1856816120S", birth_name="Durand", phone="0612345678")

    save(alix, typed, now=now, version=1)

    candidate.refresh_from_db()
    assert (candidate.birth_name, candidate.phone) == ("MARTIN", "+33612345678")


def test_gaps_of_the_student_system_do_not_stop_the_contacts(alix, entry, now):
    """Somebody born abroad, whose town of birth the system does not know."""
    save(alix, entry, now=now)
    Candidate.objects.update(is_imported=True, birth_city="", birth_department=None)

    candidate = save(alix, replace(entry, phone="0612345678"), now=now, version=1)

    assert (candidate.birth_city, candidate.phone) == ("", "+33612345678")
    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, phone="12"), now=now, version=2)
    assert refusal.value.codes == ["phone"]


def test_imported_ine_is_not_changed(alix, entry, now):
    """FILE-INE-08, 09."""
    save(alix, replace(entry, ine="1856816120S"), now=now)
    Candidate.objects.update(is_imported=True)

    with pytest.raises(Refused) as refusal:
        save(alix, replace(entry, ine="1234567890V"), now=now, version=1)

    assert refusal.value.codes == ["imported_ine"]


def test_who_was_imported_without_ine_may_add_one(alix, entry, now):
    save(alix, entry, now=now)
    Candidate.objects.update(is_imported=True)

    candidate = save(alix, replace(entry, ine="1856816120S"), now=now, version=1)

    assert candidate.ine == "1856816120S"


def test_staff_may_change_imported_identity(alix, entry, now):
    save(alix, entry, now=now)
    Candidate.objects.update(is_imported=True)

    typed = replace(entry, birth_name="Durand")
    candidate = save(alix, typed, now=now, version=1, enforce_import=False)

    assert candidate.birth_name == "DURAND"


def test_what_was_saved_can_be_saved_again(alix, entry, now):
    candidate = save(alix, replace(entry, phone="0692123456", ine="1856816120S"), now=now)

    again = save(alix, identity_entry(candidate), now=now, version=1)

    assert again.version == 1


def test_person_with_one_name_is_shown_by_it(alix, entry, now):
    typed = replace(entry, birth_name="Suharto", first_name="", has_single_name=True)

    candidate = save(alix, typed, now=now)

    assert candidate.display_name == "SUHARTO"
    assert identity_entry(candidate).has_single_name is True
