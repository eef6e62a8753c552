"""Moving deadlines on for many: which openings, what becomes of each, who is told."""

from datetime import timedelta

import pytest

from candide.admissions.bulk.domain.extended import csv_report, rows_of
from candide.admissions.bulk.domain.extending import (
    Extension,
    begin_extension,
    extending_blockers,
)
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.models import Run
from candide.institution.access.models import Assignment
from candide.institution.catalogue.models import Intake
from candide.institution.mails.models import OutgoingMail
from tests.admissions.bulk.conftest import outcomes, said, work_all
from tests.admissions.conftest import NOW, again, staff_member
from tests.admissions.decisions.conftest import offered
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = NOW.date()


def extension(**fields):
    usual = {"which": ("dossiers",), "days": 3, "first": TODAY - 2 * DAY, "last": TODAY + 2 * DAY}
    return Extension(**{**usual, "tells": True, **fields})


def previewed(by, *, among=None, **fields):
    intakes = Intake.objects.all() if among is None else among
    run = begin_extension(intakes, extension(**fields), by=by, now=NOW)
    work_all()
    return Run.objects.get(pk=run.pk)


def done(by, **fields):
    run = previewed(by, **fields)
    confirm(run, by=by, now=NOW)
    work_all()
    return Run.objects.get(pk=run.pk)


def mailed():
    return sorted(OutgoingMail.objects.filter(kind="deadline-extended").values_list("to", "text"))


@pytest.mark.parametrize(
    ("fields", "number", "codes"),
    [
        ({}, 1, []),
        ({}, 0, ["none_found"]),
        ({"which": ()}, 1, ["nothing"]),
        ({"days": 0}, 1, ["days"]),
        ({"days": 61}, 1, ["days"]),
        ({"last": TODAY - 3 * DAY}, 0, ["order"]),
    ],
)
def test_what_can_be_prepared(fields, number, codes):
    assert [each.code for each in extending_blockers(extension(**fields), number)] == codes


def test_days_are_moved_on_and_those_who_still_owe_a_dossier_are_told(bao, application, beside):
    """A-078: the intake of `application` was due yesterday; its dossier is in already."""
    intake = application.intake
    late = beside()
    later = beside(documents_extended_to=TODAY + 30 * DAY)
    beside(cancelled=True)
    elsewhere = IntakeFactory(open=True)

    run = done(bao, reason="Panne le 14 mars.")

    intake.refresh_from_db()
    assert intake.documents_due_on == TODAY + 2 * DAY
    assert Intake.objects.get(pk=elsewhere.pk).documents_due_on == elsewhere.documents_due_on
    assert outcomes(run) == [("done", [])]
    assert said(run) == ["Date limite de retour : 14 mars 2027 → 17 mars 2027 ; 1 candidat prévenu"]
    ((to, text),) = mailed()
    assert to == late.candidate.user.email
    for words in ("17 mars 2027 à 23 h 59", "au lieu du 14 mars 2027", "Panne le 14 mars."):
        assert words in text
    assert again(later).documents_due_on == TODAY + 30 * DAY
    entry = HistoryEntry.objects.get(subject_type="catalogue.intake")
    assert (entry.subject_id, entry.by_id, list(entry.data["changes"])) == (
        intake.pk,
        bao.pk,
        ["documents_due_on"],
    )
    (row,) = rows_of(run.items.all(), bao)
    assert (row.intake, row.concerned, row.notes) == (intake, 1, [])
    assert intake.programme.code in csv_report(run, bao).decode()


def test_nobody_is_told_who_is_not_to_be(bao, application, beside):
    beside()

    run = done(bao, tells=False)

    assert mailed() == []
    assert said(run) == ["Date limite de retour : 14 mars 2027 → 17 mars 2027"]


def test_offers_that_wait_get_as_many_days_more(bao, application, beside):
    due = TODAY + DAY
    offer = offered(application, bao, due)
    accepted = beside(accepted=True, acceptance_due_on=due)

    done(bao, which=("answers",))

    application.intake.refresh_from_db()
    assert application.intake.acceptance_due_on == due + 3 * DAY
    assert again(offer).acceptance_due_on == due + 3 * DAY
    assert again(accepted).acceptance_due_on == due
    ((to, text),) = mailed()
    assert (to, "pour répondre à la proposition" in text) == (offer.candidate.user.email, True)


def test_offer_with_a_day_of_its_own_is_moved_alone_and_in_silence(bao, application, beside):
    due = TODAY + DAY
    offer = offered(application, bao, due)
    Intake.objects.update(acceptance_due_on=None)

    run = done(bao, which=("answers",), tells=False)

    application.intake.refresh_from_db()
    assert application.intake.acceptance_due_on is None
    assert again(offer).acceptance_due_on == due + 3 * DAY
    assert mailed() == []
    run.items.update(state="failed")
    (row,) = rows_of(run.items.all(), bao)
    assert [note.split(" : ")[0] for note in row.notes] == ["Erreur inattendue"]


@pytest.mark.parametrize(
    ("fields", "state", "codes"),
    [
        ({"which": ("applications",), "days": 9}, "refused", ["documents_due_on_before_closes_on"]),
        ({"first": TODAY - 9 * DAY, "days": 2}, "needless", []),
    ],
)
def test_what_contradicts_itself_or_stays_past_is_not_done(fields, state, codes):
    IntakeFactory(closes_on=TODAY - 6 * DAY, documents_due_on=TODAY - 5 * DAY)
    IntakeFactory(closes_on=TODAY + DAY, documents_due_on=TODAY + 4 * DAY, is_active=False)
    past = Intake.objects.filter(closes_on__lt=TODAY)
    open_one = IntakeFactory(closes_on=TODAY, documents_due_on=TODAY + DAY)
    everything = staff_member("administrator")
    among = past if state == "needless" else Intake.objects.filter(pk=open_one.pk)

    run = previewed(everything, among=among, **fields)

    assert outcomes(run) == [(state, codes)]


def test_days_changed_meanwhile_stay(bao, application):
    run = previewed(bao)
    Intake.objects.filter(pk=application.intake_id).update(documents_due_on=TODAY + DAY)

    confirm(run, by=bao, now=NOW)
    work_all()

    assert outcomes(run) == [("refused", ["changed"])]
    assert Intake.objects.get(pk=application.intake_id).documents_due_on == TODAY + DAY


def test_what_is_out_of_reach_is_refused_also_when_rights_go(bao, application, chris):
    assert outcomes(previewed(chris)) == [("refused", ["out_of_reach"])]
    run = previewed(bao)
    Assignment.objects.filter(user=bao).delete()

    confirm(run, by=bao, now=NOW)
    work_all()

    assert outcomes(run) == [("refused", ["out_of_reach"])]


def test_archived_campaigns_and_other_days_are_not_found(bao, application):
    campaign = application.intake.campaign
    far = extension(first=TODAY + 50 * DAY, last=TODAY + 60 * DAY)
    with pytest.raises(Refused) as refusal:
        begin_extension(Intake.objects.all(), far, by=bao, now=NOW)
    assert refusal.value.codes == ["none_found"]
    campaign.archived_at = NOW
    campaign.save()

    with pytest.raises(Refused) as refusal:
        begin_extension(Intake.objects.all(), extension(), by=bao, now=NOW)

    assert refusal.value.codes == ["none_found"]


def test_applications_that_wait_without_a_day_of_their_opening_are_found(bao, application, beside):
    """The opening says so many days after the decision; each offer has its own day."""
    application.intake.acceptance_days = 5
    application.intake.save()
    ApplicationFactory(intake=application.intake, offered=True, acceptance_due_on=TODAY + DAY)

    run = previewed(bao, which=("answers",))

    assert run.items.count() == 1
