"""What staff are shown of address and baccalaureate before they take them over anew [B-157]."""

from dataclasses import replace

import pytest

from candide.admissions.candidates.domain.refreshing import preview, refresh, refreshing_blockers
from candide.admissions.candidates.models import Baccalaureate
from candide.institution.reference.models import Country
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from tests.factories.accounts import UserFactory
from tests.factories.candidates import AddressFactory, BaccalaureateFactory, CandidateFactory

ADDRESS = "14 RUE DES PRUNIERS, 45160 Olivet"


@pytest.fixture
def alix(clementine):
    """A candidate the institution signed in as the student Clémentine."""
    return CandidateFactory(user=UserFactory(student_number=clementine.student.student_number))


def shown(candidate, label):
    """Before and after of each change that bears `label`."""
    changes = preview(candidate).changes
    return [(each.before, each.after) for each in changes if str(each.label) == label]


def said_by_system(monkeypatch, student):
    monkeypatch.setattr(DemonstrationStudentSystem, "student_by_number", lambda *_: student)


# -- Address ---------------------------------------------------------------------------------------
def test_address_of_a_file_without_one_is_shown(alix):
    assert shown(alix, "Adresse") == [("", ADDRESS)]


def test_address_that_differs_is_shown_beside_the_one_of_the_file(alix):
    france = Country.objects.get(code="99100")
    AddressFactory(candidate=alix, country=france, foreign_city="", line_1="2 RUE HAUTE")

    assert shown(alix, "Adresse") == [("2 RUE HAUTE", ADDRESS)]


def test_no_address_in_the_system_changes_none(alix, clementine, monkeypatch):
    AddressFactory(candidate=alix)
    said_by_system(monkeypatch, replace(clementine.student, address=None))

    assert shown(alix, "Adresse") == []


# -- Baccalaureate ---------------------------------------------------------------------------------
def test_baccalaureate_of_a_file_without_one_is_shown(alix):
    [(before, after)] = shown(alix, "Baccalauréat")

    assert before == ""
    for part in ("2023", "Bien", "Lycée Pothier", "Orléans"):
        assert part in after


def test_baccalaureate_that_differs_is_shown_beside_the_one_of_the_file(alix):
    BaccalaureateFactory(candidate=alix, year=2019, school_name="Lycée du Lac")

    [(before, after)] = shown(alix, "Baccalauréat")

    assert "2019" in before
    assert "Lycée du Lac" in before
    assert "2023" in after


@pytest.mark.parametrize("part", ["speciality_2", "department"])
def test_one_other_part_is_a_difference(alix, now, part):
    refresh(alix, seen=preview(alix).mark, by=alix.user, now=now)
    Baccalaureate.objects.update(**{part: None})
    alix.refresh_from_db()

    [(before, after)] = shown(alix, "Baccalauréat")

    assert before != after


def test_no_baccalaureate_in_the_system_changes_none(alix, clementine, monkeypatch):
    BaccalaureateFactory(candidate=alix)
    said_by_system(monkeypatch, replace(clementine.student, baccalaureate=None))

    assert shown(alix, "Baccalauréat") == []


# -- Both ------------------------------------------------------------------------------------------
def test_nothing_is_shown_of_what_was_taken_over_already(alix, now):
    refresh(alix, seen=preview(alix).mark, by=alix.user, now=now)
    alix.refresh_from_db()

    assert preview(alix).changes == []
    assert (alix.address.commune.insee, alix.baccalaureate.year) == ("45232", 2023)


# -- Found by login --------------------------------------------------------------------------------
def test_who_was_signed_in_under_a_login_is_taken_over_anew(clementine, now):
    user = UserFactory(student_login="clemartin")
    candidate = CandidateFactory(user=user)
    bao = UserFactory(staff=True)

    assert refreshing_blockers(user, by=bao, now=now) == []
    refresh(candidate, seen=preview(candidate).mark, by=bao, now=now)

    user.refresh_from_db()
    assert user.student_number == clementine.student.student_number
