"""Members of commissions, read back from the spreadsheet of commissions."""

import pytest

from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain.asking import confirm
from candide.institution.access.domain.giving import change_right, take_role
from candide.institution.access.enums import AccessEvent, Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.accounts.models import User
from candide.institution.mails.models import OutgoingMail
from candide.reporting.exports.domain.organisation import COMMISSIONS
from tests.factories.accounts import UserFactory
from tests.reporting.imports.conftest import (
    LATER,
    Sheet,
    changes,
    confirmed,
    examined,
    outcomes,
    work_all,
)
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PERSON, EMAIL, ROLE, CHAIR = "Personne", "Adresse mail de la personne", "Profil", "Préside"


@pytest.fixture
def ada(commission):
    return staff("administrator")


@pytest.fixture
def dana(commission):
    """A member of the commission, who does not chair it."""
    return staff("commission", commission=commission)


def line(email, **more):
    return {"code": "DROIT", EMAIL: email, ROLE: "commission", **more}


def role(code):
    return RoleProfile.objects.get(code=code)


def members(commission):
    rows = Assignment.objects.filter(commission=commission).order_by("user__email")
    return [(each.user.email, each.role.code, each.is_chair) for each in rows]


def test_people_become_members_and_who_has_no_account_is_invited(commission, ada):
    known = UserFactory(staff=True, email="dana@univ.example")
    sheet = Sheet(COMMISSIONS, ada)
    sheet.add(**line(" Dana@univ.example ", **{CHAIR: "oui"}))
    sheet.add(**line("emile@univ.example", **{PERSON: "Émile Jean DU BOIS"}))

    run = confirmed(sheet)

    assert [state for state, _codes in outcomes(run)] == ["needless", "done", "done"]
    told = [after for _label, _before, after in changes(run, 2)]
    assert told == [f"dana@univ.example ({known})", str(role("commission")), "Oui"]
    assert "Émile Jean DU BOIS" in changes(run, 3)[0][2]
    assert members(commission) == [
        ("dana@univ.example", "commission", True),
        ("emile@univ.example", "commission", False),
    ]
    invited = User.objects.get(email="emile@univ.example")
    assert (invited.first_name, invited.last_name) == ("Émile Jean", "DU BOIS")
    assert OutgoingMail.objects.filter(for_user_id=invited.pk).exists()
    assert entries_about(known).filter(event=AccessEvent.GIVEN, by_id=ada.pk).exists()


def test_line_as_it_was_exported_changes_nothing_and_says_who_chairs(commission, ada, dana):
    assert outcomes(examined(Sheet(COMMISSIONS, ada))) == [("needless", [])]

    run = confirmed(Sheet(COMMISSIONS, ada).put(2, **{CHAIR: "Oui"}))

    assert outcomes(run) == [("done", [])]
    assert members(commission) == [(dana.email, "commission", True)]


def test_member_of_a_commission_that_is_made_on_the_same_line(commission, ada, dana):
    sheet = Sheet(COMMISSIONS, ada)
    told = {"Adresse": "1 rue Neuve", "Les alertes vont à": "none"}
    centre = commission.centre.code
    sheet.add(**line(dana.email, **told) | {"code": "NEUVE", "centre": centre, "name": "Neuve"})

    run = confirmed(sheet)

    assert outcomes(run)[1][0] == "done"
    assert Assignment.objects.filter(user=dana, commission__code="NEUVE").exists()


@pytest.mark.parametrize(
    "cells",
    [
        {EMAIL: "", ROLE: "commission"},
        {EMAIL: "personne", ROLE: "commission"},
        {EMAIL: "nemo@univ.example", ROLE: "inconnu"},
        {EMAIL: "nemo@univ.example", ROLE: "commission", CHAIR: "peut-être"},
        {EMAIL: "nemo@univ.example", ROLE: "commission"},
        {EMAIL: "nemo@univ.example", ROLE: "commission", PERSON: "Nemo"},
    ],
)
def test_what_is_no_member_is_refused(commission, ada, cells):
    sheet = Sheet(COMMISSIONS, ada)
    sheet.add(code="DROIT", **cells)

    run = examined(sheet)

    state, codes = outcomes(run)[1]
    assert (state, codes[0]) == ("refused", "misread")
    assert changes(run, 2) == []


def test_same_person_stands_on_one_line(commission, ada, dana):
    sheet = Sheet(COMMISSIONS, ada)
    sheet.add(**line(dana.email))

    assert "twice" in outcomes(examined(sheet))[1][1]


def test_who_gives_no_rights_there_neither_gives_one_nor_learns_of_accounts(commission, dana):
    by = member(Capability.MANAGE_ORGANISATION, centre=commission.centre)
    sheet = Sheet(COMMISSIONS, by).put(2, **{CHAIR: "oui"})
    sheet.add(**line(UserFactory(staff=True).email))

    run = examined(sheet)

    assert [(state, "out_of_reach" in codes) for state, codes in outcomes(run)] == [
        ("refused", True),
        ("refused", True),
    ]
    assert changes(run, 2) == []


def test_role_taken_back_or_changed_since_the_export_stays_so(commission, ada, dana, later):
    chair = staff("commission", commission=commission)
    sheet = Sheet(COMMISSIONS, ada)
    column = sheet.headings.index(EMAIL) + 1
    lines = {sheet.sheet.cell(row, column).value: row for row in (2, 3)}
    sheet.put(lines[dana.email], **{CHAIR: "oui"}).put(lines[chair.email], **{CHAIR: "oui"})
    for is_chair in (True, False):
        change_right(chair.assignments.get(), is_chair=is_chair, by=ada)
    take_role(dana.assignments.get(), by=ada)

    run = examined(sheet)

    assert [codes for _state, codes in outcomes(run)] == [["changed_since"]] * 2
    assert [planned for number in (1, 2) for planned in changes(run, number)] == []


def test_role_out_of_service_is_not_given_by_a_spreadsheet(commission, ada, dana):
    sheet = Sheet(COMMISSIONS, ada)
    Assignment.objects.filter(user=dana).update(is_active=False)
    exported = outcomes(examined(sheet))
    sheet.sheet.delete_rows(2)
    sheet.add(**line(dana.email))

    assert exported[0][1] == ["stopped"]
    assert outcomes(examined(sheet))[0] == ("refused", ["stopped"])


def test_chair_changed_since_the_preview_is_refused(commission, ada, dana):
    run = examined(Sheet(COMMISSIONS, ada).put(2, **{CHAIR: "oui"}))
    Assignment.objects.filter(user=dana).update(is_chair=True)
    confirm(run, by=ada, now=LATER)

    work_all()

    assert outcomes(run) == [("refused", ["changed"])]
