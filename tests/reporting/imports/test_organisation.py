"""Commissions and centres read back from the spreadsheets of their exports."""

import pytest

from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain.asking import confirm
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import ApplicationCentre, Commission
from candide.reporting.exports.domain.organisation import CENTRES, COMMISSIONS
from candide.reporting.imports.domain.reporting import csv_report, rows_of
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory, ProgrammeFactory
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


@pytest.fixture
def by(commission):
    return member(Capability.MANAGE_ORGANISATION, centre=commission.centre)


def test_commission_with_two_members_is_one_commission(commission, by):
    for _number in range(2):
        staff("commission", commission=commission)
    sheet = Sheet(COMMISSIONS, by).put(3, Téléphone="+33 2 00 00 00 00", Signataire="La doyenne")

    run = confirmed(sheet)

    assert outcomes(run) == [("needless", []), ("done", [])]
    assert changes(run, 2)[0][2] == "+33 2 00 00 00 00"
    commission.refresh_from_db()
    assert (commission.phone, commission.signatory) == ("+33 2 00 00 00 00", "La doyenne")
    (entry,) = entries_about(commission)
    assert entry.data["changes"]["signatory"] is None
    assert Assignment.objects.filter(commission=commission).count() == 2


def test_new_commission_in_a_centre_of_ones_own(commission, by):
    sheet = Sheet(COMMISSIONS, by)
    told = {"Adresse": "1 rue Neuve", "Les alertes vont à": "none"}
    centre = commission.centre.code
    sheet.add(code="NEUVE", centre=centre, name="Neuve", **told)
    sheet.add(code="VIDE", centre=centre, name="Sans adresse")
    sheet.add(code="VOLEE", centre=ApplicationCentreFactory().code, name="Volée", **told)

    run = confirmed(sheet)

    assert [state for state, _codes in outcomes(run)] == ["needless", "done", "refused", "refused"]
    assert Commission.objects.get(code="NEUVE").centre == commission.centre
    assert not Commission.objects.filter(code__in=["VIDE", "VOLEE"]).exists()


def test_commission_stays_in_its_centre_and_alerts_need_their_mailbox(commission, by):
    other = ApplicationCentreFactory()
    Assignment.objects.create(user=by, role=by.assignments.get().role, centre=other)
    sheet = Sheet(COMMISSIONS, type(by).objects.get(pk=by.pk))

    found = outcomes(examined(sheet.put(2, centre=other.code, **{"Les alertes vont à": "mailbox"})))

    assert found == [("refused", ["fixed", "no_alert_email"])]


def test_member_changes_the_own_commission_but_not_its_name(commission):
    dana = member(Capability.MANAGE_ORGANISATION, commission=commission)
    sheet = Sheet(COMMISSIONS, dana)

    allowed = outcomes(examined(sheet.put(2, Téléphone="+33 1")))
    named = outcomes(examined(sheet.put(2, name="Rebaptisée")))
    sheet.add(code="NEUVE", centre=commission.centre.code, name="Neuve", Adresse="1 rue")

    assert (allowed, named) == ([("ready", [])], [("refused", ["not_allowed"])])
    assert outcomes(examined(sheet))[1][0] == "refused"


def test_commission_of_another_centre_is_refused_and_a_code_is_needed(commission, by):
    other = CommissionFactory(code="AILLEURS")
    sheet = Sheet(COMMISSIONS, by)
    sheet.add(code="AILLEURS", name="Volée")
    sheet.add(name="Sans code")

    found = outcomes(examined(sheet))

    assert found[1:] == [("refused", ["not_allowed"]), ("refused", ["code_missing"])]
    other.refresh_from_db()
    assert str(other.name) != "Volée"


def test_centre_is_renamed_and_programmes_are_found_by_its_new_name(commission):
    programme = ProgrammeFactory(commission=commission)
    ada = member(Capability.MANAGE_ORGANISATION)
    sheet = Sheet(CENTRES, ada).put(2, name="Faculté de droit")
    sheet.add(code="NEUF", name="Institut neuf")
    sheet.add(code="ANONYME")

    run = confirmed(sheet)

    assert [state for state, _codes in outcomes(run)] == ["done", "done", "refused"]
    assert ApplicationCentre.objects.filter(code="NEUF").exists()
    programme.refresh_from_db()
    assert "faculte de droit" in programme.search_text


def test_manager_of_a_centre_neither_renames_it_nor_makes_one(commission, by):
    sheet = Sheet(CENTRES, by).put(2, name="Autre")
    sheet.add(code="NEUF", name="Institut neuf")

    assert outcomes(examined(sheet)) == [("refused", ["not_allowed"])] * 2


def test_right_that_was_taken_away_or_row_made_since_the_preview(commission, by):
    sheet = Sheet(COMMISSIONS, by).put(2, Téléphone="+33 1")
    new = {"Adresse": "1 rue", "Les alertes vont à": "none"}
    sheet.add(code="NEUVE", centre=commission.centre.code, name="Neuve", **new)
    run = examined(sheet)
    CommissionFactory(code="NEUVE")
    Assignment.objects.all().delete()
    confirm(run, by=by, now=LATER)

    work_all()

    assert outcomes(run) == [("refused", ["not_allowed"]), ("refused", ["made_meanwhile"])]


def test_report_has_a_line_for_each_field_that_changes(commission, by):
    sheet = Sheet(COMMISSIONS, by).put(2, Téléphone="+33 1", Ville="BREST")
    sheet.add(name="Sans code")
    run = examined(sheet)
    failed = run.items.last()
    failed.state, failed.details = "failed", {}
    failed.save()

    lines = csv_report(run, by).decode("utf-8-sig").splitlines()

    assert [line.split(";")[0] for line in lines] == ["Ligne", "2", "2", "3"]
    assert "Ville;Orléans;BREST" in lines[2]
    assert "Erreur inattendue" in lines[3]
    assert rows_of([failed], by)[0].changes == []
