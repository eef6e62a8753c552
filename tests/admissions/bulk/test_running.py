"""What holds for every action: rights of each row, preview, transaction, history."""

from dataclasses import replace

import pytest

from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.actions import ACTIONS, actions_of
from candide.admissions.bulk.domain.reporting import csv_report, rows_of
from candide.admissions.bulk.domain.running import action_of, ask_action, select_applications
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.foundation.runs.domain.asking import confirm
from candide.institution.access.models import Assignment
from candide.institution.mails.models import OutgoingMail
from tests.admissions.bulk.conftest import done, outcomes, previewed, said, work_all
from tests.admissions.conftest import NOW, again, staff_member
from tests.factories.applications import ApplicationFactory

pytestmark = pytest.mark.django_db

COMPLETE = {"status": "complete", "on": None}


def test_each_row_is_asked_about_and_none_is_dropped(bao, application, beside):
    cancelled = beside(cancelled=True)
    elsewhere = ApplicationFactory(transmitted=True)

    run = previewed(bao, "statut", COMPLETE, application, cancelled, elsewhere)

    assert outcomes(run) == [
        ("ready", []),
        ("refused", ["cancelled"]),
        ("refused", ["out_of_reach"]),
    ]
    assert again(application).dossier_status == DossierStatus.RECEIVED


def test_what_is_out_of_reach_and_what_does_not_exist_are_the_same(bao, application):
    elsewhere = ApplicationFactory()
    run = select_applications([elsewhere.pk, 999_999], by=bao, now=NOW)
    ask_action(run, ACTIONS["statut"], COMPLETE, now=NOW)
    work_all()

    first, second = run.items.order_by("position")
    assert (first.state, first.notes, first.says) == (second.state, second.notes, second.says)


def test_rights_are_those_of_the_action(application):
    member = staff_member("commission", commission=application.intake.programme.commission)

    assert outcomes(previewed(member, "statut", COMPLETE, application)) == [
        ("refused", ["not_allowed"])
    ]
    assert [action.code for action in actions_of(member)] == ["avis", "suppression"]


def test_rights_taken_away_before_it_is_done_are_gone(bao, application):
    run = previewed(bao, "statut", COMPLETE, application)
    confirm(run, by=bao, now=NOW)
    Assignment.objects.filter(user=bao).update(is_active=False)

    work_all()

    assert outcomes(run) == [("refused", ["out_of_reach"])]
    assert again(application).dossier_status == DossierStatus.RECEIVED


def test_done_once_with_one_mail_each_and_said_in_the_history(bao, application, beside):
    other = beside(transmitted=True)

    run = done(bao, "statut", COMPLETE, application, other)

    assert outcomes(run) == [("done", []), ("done", [])]
    for row in (application, other):
        assert again(row).dossier_status == DossierStatus.COMPLETE
        assert {entry.data["run"] for entry in entries_about(row)} == {run.pk}
        assert {entry.by_id for entry in entries_about(row)} == {bao.pk}
    mails = OutgoingMail.objects.order_by("about_id").values_list("about_id", flat=True)
    assert list(mails) == sorted([application.pk, other.pk])


def test_what_changed_since_the_preview_is_refused(bao, application):
    run = previewed(bao, "statut", COMPLETE, application)
    Application.objects.filter(pk=application.pk).update(dossier_status="incomplete")

    confirm(run, by=bao, now=NOW)
    work_all()

    assert outcomes(run) == [("refused", ["changed"])]
    assert not OutgoingMail.objects.exists()


def test_preview_speaks_the_language_of_who_asked(bao, application):
    run = previewed(bao, "statut", COMPLETE, application)

    assert (run.language, said(run)) == ("fr", ["Réceptionné → Complet"])


def test_values_no_row_can_have_are_refused_at_once(bao, application):
    run = select_applications([application.pk], by=bao, now=NOW)

    with pytest.raises(Refused) as refusal:
        ask_action(run, ACTIONS["statut"], {"status": "complete", "on": "2028-01-01"}, now=NOW)

    assert refusal.value.codes == ["in_the_future"]
    assert action_of(run) is None


def test_report_names_nobody_out_of_the_readers_reach(bao, application, beside):
    other = beside(transmitted=True)
    run = done(bao, "statut", COMPLETE, application, other)
    chris = staff_member("manager", centre=ApplicationFactory().intake.programme.commission.centre)
    name = application.candidate.birth_name

    own, foreign = csv_report(run, bao).decode(), csv_report(run, chris).decode()

    assert name in own
    assert "Réceptionné → Complet" in own
    assert name not in foreign
    assert "Réceptionné → Complet" not in foreign
    assert foreign.splitlines()[1:] == [
        f"1;{application.pk};;;;;Faite;;",
        f"2;{other.pk};;;;;Faite;;",
    ]


def test_report_keeps_the_reason_that_names_nobody(bao, application):
    elsewhere = ApplicationFactory()
    run = previewed(bao, "statut", COMPLETE, application, elsewhere)

    notes = [row.notes for row in rows_of(run.items.order_by("position"), bao)]

    assert notes == [[], ["Cette candidature n'est pas dans votre périmètre."]]


def test_rows_take_one_query(bao, application, beside, django_assert_num_queries):
    run = previewed(bao, "statut", COMPLETE, application, beside(), beside())
    items = list(run.items.order_by("position"))
    bao.has_perm("applications.view")

    with django_assert_num_queries(1):
        rows_of(items, bao)


def test_every_action_has_its_words_in_french():
    for action in ACTIONS.values():
        assert str(action.label)
        assert str(action.follows)


def test_what_failed_is_told_in_words(bao, application, monkeypatch):
    def fail(row):
        raise ValueError

    monkeypatch.setitem(ACTIONS, "statut", replace(ACTIONS["statut"], says=fail))

    run = previewed(bao, "statut", COMPLETE, application)

    (row,) = rows_of(run.items.all(), bao)
    assert row.notes == [
        "Erreur inattendue : rien n'a été fait. L'assistance la trouve dans le journal."
    ]
