"""What happens rarely: the database gone in the middle, a mind changed while the system is down, a
code for somebody refused, more differences than a report has room for."""

import pytest
from django.db import OperationalError

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import withdraw
from candide.admissions.handover.domain import reconciling
from candide.admissions.handover.domain.nomenclatures import ask_nomenclatures, take_over
from candide.admissions.handover.domain.queries import found
from candide.admissions.handover.domain.reconciling import compare
from candide.admissions.handover.domain.replaying import replay
from candide.admissions.handover.domain.telling import LEASE, tell
from candide.admissions.handover.enums import Difference, HandoverState, ReportState
from candide.admissions.handover.models import PreEnrolment
from candide.core.blockers import Blocker, Refused
from candide.institution.mails.models import OutgoingMail
from candide.integrations.sis.port import HandedOver, Unavailable, Verdict
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import MINUTE, row_of, set_institution
from tests.factories.catalogue import CampaignFactory
from tests.factories.handover import PreEnrolmentFactory

pytestmark = pytest.mark.django_db
S = HandoverState


def test_database_that_fails_leaves_the_lease_to_run_out(confirmed, system):
    def fail():
        raise OperationalError("server closed the connection")

    system.on_told = fail
    with pytest.raises(OperationalError):
        tell(clock=lambda: NOW)
    row = row_of(confirmed)
    system.on_told = None

    assert (row.state, row.leased_until, row.last_error) == (S.TO_SEND, NOW + LEASE, "")
    assert tell(clock=lambda: NOW + LEASE) == 1
    assert row_of(confirmed).state == S.ACCEPTED


def test_withdrawal_while_the_system_fails_does_not_carry_the_failure(confirmed, system):
    def change_mind_and_fail():
        withdraw(again(confirmed), by=confirmed.candidate.user, now=NOW)
        raise ValueError

    system.on_told = change_mind_and_fail

    tell(clock=lambda: NOW)

    row = row_of(confirmed)
    assert (row.state, row.last_error, row.claim) == (S.TO_WITHDRAW, "", None)
    assert row.next_attempt_at == NOW


def test_code_of_somebody_refused_is_kept_and_not_told(confirmed, system, monkeypatch):
    row, number = row_of(confirmed), str(confirmed.candidate.user.file_number)
    answer = HandedOver(
        verdicts={row.key: Verdict(is_accepted=False, reason="No")}, codes={number: "22301457"}
    )
    monkeypatch.setattr(system, "hand_over", lambda people, **_: answer)

    tell(clock=lambda: NOW)

    row.refresh_from_db()
    assert (row.state, row.code) == (S.REFUSED, "22301457")
    assert not OutgoingMail.objects.filter(kind="enrolment-code-changed").exists()


@pytest.mark.parametrize(
    ("error", "word"),
    [(Refused([Blocker("bad", "This table is none.")]), "is none"), (Unavailable(), "Unavailable")],
)
def test_nomenclatures_that_cannot_be_taken_over_say_why(system, monkeypatch, error, word):
    def fail():
        raise error

    monkeypatch.setattr(system, "nomenclatures", fail)

    report = take_over(ask_nomenclatures(is_dry_run=True, by=None, now=NOW), now=NOW)

    report.refresh_from_db()
    assert report.state == ReportState.FAILED
    assert word in report.lines[0][2]


def test_those_of_one_campaign_are_found():
    mine = PreEnrolmentFactory()
    PreEnrolmentFactory(application__intake__campaign=CampaignFactory(code="beside"))

    rows = found(PreEnrolment.objects.all(), campaign=mine.application.intake.campaign_id)

    assert list(rows) == [mine]


def test_report_counts_what_it_has_no_room_for(hands_over, monkeypatch):
    monkeypatch.setattr(reconciling, "MOST_LINES", 1)
    PreEnrolmentFactory(refused=True)
    PreEnrolmentFactory(refused=True)

    report = compare(Application.objects.none(), now=NOW)

    assert report.counts[Difference.REFUSED] == 2
    assert len(report.lines) == 1


def test_nobody_is_missed_where_nobody_is_handed_over(admitted):
    PreEnrolment.objects.all().delete()
    expected = Application.objects.filter(pk=admitted.pk)
    missed = compare(expected, now=NOW).counts
    set_institution(hands_over=False)

    off = compare(expected, now=NOW).counts

    assert missed[Difference.NOT_PREPARED] == 1
    assert Difference.NOT_PREPARED not in off


def test_what_waits_already_is_replayed_at_once_and_keeps_its_turn():
    row = PreEnrolmentFactory(next_attempt_at=NOW + 60 * MINUTE)
    turn = row.turn

    assert replay([row.pk], by=None, now=NOW) == 1

    row.refresh_from_db()
    assert (row.state, row.turn, row.next_attempt_at) == (S.TO_SEND, turn, NOW)


def test_rows_of_a_nomenclature_that_are_refused_are_said_with_their_reason(system, monkeypatch):
    rows = [{"code": "FR", "name": "France"}, {"code": "", "name": "Nulle part"}]
    monkeypatch.setattr(system, "nomenclatures", lambda: {"countries": rows})

    report = take_over(ask_nomenclatures(is_dry_run=True, by=None, now=NOW), now=NOW)

    report.refresh_from_db()
    assert report.counts == {"countries.added": 1, "refused": 1}
    assert [line[2] for line in report.lines] == [
        "countries.csv, ligne 3, colonne « code » : cette cellule est vide."
    ]
