"""Studies elsewhere, internships, work [FILE-EXT, FILE-STG, FILE-PRO]."""

from dataclasses import replace
from datetime import date

import pytest

from candide.admissions.candidates.domain import path
from candide.admissions.candidates.domain.drafts import draft_of, keep_draft
from candide.admissions.candidates.domain.path import (
    ExternalStudiesEntry,
    InternshipEntry,
    WorkEntry,
    delete_item,
    item_blockers,
    save_item,
    tidy_item,
)
from candide.admissions.candidates.domain.saving import StaleVersion
from candide.admissions.candidates.enums import CandidateEvent, Section, StudyResult
from candide.admissions.candidates.models import ExternalStudies, Internship
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.reference import DiplomaFamilyFactory

TODAY = date(2027, 3, 15)
INTERNSHIP = InternshipEntry(
    year=2026, duration="2 mois", organisation="Mairie", description="Accueil du public"
)
WORK = WorkEntry(year=2026, title="Vendeuse", duration="6 mois", organisation="Librairie")


@pytest.fixture
def alix(db):
    return CandidateFactory()


@pytest.fixture
def studies(places):
    return ExternalStudiesEntry(
        country=places.france,
        department=places.loiret,
        commune=places.orleans,
        school=places.university,
        year=2026,
        family=DiplomaFamilyFactory(),
        label="Licence 3 Droit",
        result=StudyResult.OBTAINED,
    )


def checked(entry):
    blockers = item_blockers(tidy_item(entry), today=TODAY)
    return [(blocker.code, blocker.about.removeprefix("field:")) for blocker in blockers]


def save(candidate, entry, now, **kwargs):
    return save_item(candidate, entry=entry, by=candidate.user, now=now, **kwargs)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"year": 2028}, []),
        ({"year": 2029}, [("year", "year")]),
        ({"year": 1899}, [("year", "year")]),
        ({"year": None}, [("required", "year")]),
        ({"family": None}, [("required", "family")]),
        ({"label": ""}, [("required", "label")]),
        ({"label": "x" * 256}, [("too_long", "label")]),
        ({"result": ""}, [("required", "result")]),
        ({"result": "perhaps"}, [("unknown_choice", "result")]),
        ({"result": StudyResult.IN_PROGRESS}, []),
        ({"country": None}, [("required", "country")]),
        ({"school": None}, [("school_missing", "school")]),
        ({"school": None, "school_name": "École de cirque"}, []),
    ],
)
def test_studies_are_checked(studies, change, expected):
    """FILE-EXT-02."""
    assert checked(replace(studies, **change)) == expected


def test_studies_abroad_need_no_school(studies, places):
    """FILE-EXT-04."""
    assert checked(replace(studies, country=places.belgium, school=None)) == []


def test_lycee_is_no_institution_after_the_baccalaureate(studies, places):
    assert checked(replace(studies, school=places.lycee)) == [("school_unknown", "school")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"year": 2028}, []),
        ({"year": 2029}, [("year", "year")]),
        ({"duration": ""}, [("required", "duration")]),
        ({"duration": "x" * 21}, [("too_long", "duration")]),
        ({"organisation": ""}, [("required", "organisation")]),
        ({"organisation": "x" * 51}, [("too_long", "organisation")]),
        ({"description": " \n "}, [("required", "description")]),
        ({"description": "x" * 501}, [("too_long", "description")]),
        ({"weekly_hours": 0}, []),
        ({"weekly_hours": 169}, [("weekly_hours", "weekly_hours")]),
    ],
)
def test_internship_is_checked(change, expected):
    """FILE-STG-01."""
    assert checked(replace(INTERNSHIP, **change)) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"title": ""}, [("required", "title")]),
        ({"title": "x" * 51}, [("too_long", "title")]),
        ({"duration": ""}, [("required", "duration")]),
        ({"organisation": ""}, [("required", "organisation")]),
        ({"description": "x" * 501}, [("too_long", "description")]),
    ],
)
def test_work_is_checked(change, expected):
    """FILE-PRO-01: the description is optional."""
    assert checked(replace(WORK, **change)) == expected


def test_description_keeps_its_lines():
    entry = replace(INTERNSHIP, description="Accueil\r\n\r\n <b>Caisse</b> ", organisation=" A  B ")

    tidied = tidy_item(entry)

    assert (tidied.description, tidied.organisation) == ("Accueil\n\nCaisse", "A B")


def test_new_line_is_added_and_its_draft_dropped(alix, now):
    keep_draft(alix.user, section=Section.INTERNSHIPS, values={"year": "20"}, item="new")

    row = save(alix, INTERNSHIP, now)

    assert list(alix.internships.all()) == [row]
    assert draft_of(alix.user, section=Section.INTERNSHIPS, item="new") is None
    assert entries_about(alix).first().data["item"] == row.pk


def test_second_click_adds_no_second_line(alix, now):
    first = save(alix, INTERNSHIP, now, tab="w")
    second = save(alix, INTERNSHIP, now, tab="w")
    other = save(alix, replace(INTERNSHIP, year=2025), now, tab="w")
    elsewhere = save(alix, INTERNSHIP, now, tab="x")

    assert first == second
    assert set(alix.internships.all()) == {first, other, elsewhere}


def test_second_click_on_the_last_line_there_is_room_for_is_not_refused(alix, now, monkeypatch):
    monkeypatch.setattr(path, "MOST_ITEMS", 1)
    first = save(alix, INTERNSHIP, now, tab="w")

    second = save(alix, INTERNSHIP, now, tab="w")

    assert first == second


def test_line_is_changed(alix, studies, now):
    row = save(alix, studies, now)

    save(alix, replace(studies, label="Licence 3 Histoire"), now, pk=row.pk, version=1)

    stored = ExternalStudies.objects.get()
    assert (stored.label, stored.version) == ("Licence 3 Histoire", 2)


def test_line_saved_unchanged_stays_as_it_is(alix, now):
    row = save(alix, INTERNSHIP, now)

    again = save(alix, INTERNSHIP, now, pk=row.pk, version=1)

    assert again.version == 1
    assert entries_about(alix).count() == 1


def test_stale_line_tells_what_is_kept(alix, now):
    row = save(alix, INTERNSHIP, now)
    save(alix, replace(INTERNSHIP, duration="3 mois"), now, pk=row.pk, version=1)

    with pytest.raises(StaleVersion) as refusal:
        save(alix, replace(INTERNSHIP, duration="4 mois"), now, pk=row.pk, version=1)

    assert refusal.value.current.duration == "3 mois"


def test_line_of_somebody_else_is_not_changed(alix, now):
    other = InternshipFactory()

    with pytest.raises(Refused) as refusal:
        save(alix, INTERNSHIP, now, pk=other.pk, version=0)

    assert refusal.value.codes == ["deleted"]
    assert Internship.objects.get().organisation == other.organisation


def test_refused_line_is_not_saved(alix, now):
    with pytest.raises(Refused) as refusal:
        save(alix, InternshipEntry(year=2026), now)

    assert refusal.value.codes == ["required", "required", "required"]
    assert not Internship.objects.exists()


def test_list_has_an_end(alix, now, monkeypatch):
    monkeypatch.setattr(path, "MOST_ITEMS", 1)
    row = save(alix, INTERNSHIP, now)

    with pytest.raises(Refused) as refusal:
        save(alix, replace(INTERNSHIP, year=2025), now)
    save(alix, replace(INTERNSHIP, year=2025), now, pk=row.pk, version=1)

    assert refusal.value.codes == ["too_many"]
    assert Internship.objects.get().year == 2025


def test_deleted_line_is_gone_with_its_draft(alix, now):
    row = save(alix, INTERNSHIP, now)
    key = str(row.pk)
    keep_draft(alix.user, section=Section.INTERNSHIPS, values={"year": "20"}, item=key)

    delete_item(row, by=alix.user)
    again = InternshipFactory.build(pk=row.pk, candidate=alix)
    delete_item(again, by=alix.user)

    assert not Internship.objects.exists()
    assert draft_of(alix.user, section=Section.INTERNSHIPS, item=key) is None
    events = [entry.event for entry in entries_about(alix)]
    assert events.count(CandidateEvent.ITEM_DELETED) == 1
