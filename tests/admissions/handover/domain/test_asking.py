"""When somebody is handed over to the student system, and when that is taken back [5.7]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions import mails
from candide.admissions.decisions.domain.answering import accept, auto_withdraw, withdraw
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release, release_warnings
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.admissions.handover.domain import asking
from candide.admissions.handover.domain.asking import ask, take_back
from candide.admissions.handover.domain.moving import Impossible, move
from candide.admissions.handover.enums import MOVES, HandoverEvent, HandoverState
from candide.admissions.handover.models import PreEnrolment
from candide.foundation.history.domain.log import entries_about
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import (
    admit,
    row_of,
    set_institution,
    tell_all,
    transferred,
)
from tests.factories.applications import ApplicationFactory
from tests.factories.handover import PreEnrolmentFactory

pytestmark = pytest.mark.django_db
S = HandoverState


def state_of(application):
    return PreEnrolment.objects.values_list("state", flat=True).get(application=application)


def events(application):
    said = entries_about(application).values_list("event", flat=True)
    return [event for event in reversed(said) if event.startswith("handover.")]


def refuse(application, *, by):
    no = DecisionType.objects.create(code="DE", label="Non", outcome=Outcome.UNFAVOURABLE)
    reason = DecisionReason.objects.create(code="R", label="Dossier")
    enter_decision(again(application), Draft(type=no, reason=reason), by=by, now=NOW)
    release(again(application), by=by, now=NOW)


@pytest.mark.parametrize("before", list(S))
@pytest.mark.parametrize("after", list(S))
def test_states_go_only_where_the_table_says(before, after):
    row = PreEnrolment(state=before, turn=3)

    if after in MOVES[before]:
        move(row, after, now=NOW)
        assert (row.state, row.turn) == (after, 4 if after in {S.TO_SEND, S.TO_WITHDRAW} else 3)
    else:
        with pytest.raises(Impossible):
            move(row, after, now=NOW)


def test_confirming_hands_over_once(admitted):
    accept(admitted, by=admitted.candidate.user, now=NOW)

    row = row_of(admitted)
    assert (row.state, row.turn, row.is_wanted) == (S.TO_SEND, 1, True)
    assert events(admitted) == [HandoverEvent.ASKED]


def test_an_admission_alone_hands_nobody_over(admitted):
    assert not PreEnrolment.objects.exists()


@pytest.mark.parametrize(
    ("hands_over", "is_transferred"), [(False, True), (True, False)], ids=["switched off", "type"]
)
def test_nothing_is_handed_over_where_setting_or_type_say_no(
    application, bao, hands_over, is_transferred
):
    set_institution(hands_over=hands_over)
    kind = transferred("F2", is_transferred=is_transferred)
    admitted = admit(application, by=bao, kind=kind)

    accept(admitted, by=admitted.candidate.user, now=NOW)

    assert not PreEnrolment.objects.exists()


def test_by_setting_an_admission_hands_over_and_confirming_changes_nothing(
    hands_over, application, bao
):
    set_institution(handover_moment="admission")

    admitted = admit(application, by=bao)
    before = state_of(admitted)
    accept(admitted, by=admitted.candidate.user, now=NOW)

    assert (before, state_of(admitted)) == (S.TO_SEND, S.TO_SEND)
    assert events(admitted) == [HandoverEvent.ASKED]


def test_what_was_not_told_is_withdrawn_without_a_word_to_the_system(admitted):
    accept(admitted, by=admitted.candidate.user, now=NOW)

    withdraw(again(admitted), by=admitted.candidate.user, now=NOW)

    assert state_of(admitted) == S.WITHDRAWN
    assert events(admitted) == [HandoverEvent.ASKED, HandoverEvent.WITHDRAWN]


def test_who_withdraws_after_being_told_of_is_withdrawn_there_too(admitted):
    accept(admitted, by=admitted.candidate.user, now=NOW)
    tell_all()

    withdraw(again(admitted), by=admitted.candidate.user, now=NOW)
    waiting = state_of(admitted)
    tell_all()

    assert (waiting, state_of(admitted)) == (S.TO_WITHDRAW, S.WITHDRAWN)
    assert events(admitted)[-2:] == [HandoverEvent.WITHDRAWAL_ASKED, HandoverEvent.WITHDRAWN]


def test_withdrawal_at_the_deadline_takes_back_too(hands_over, application, bao):
    set_institution(handover_moment="admission")
    application.intake.acceptance_due_on = application.intake.documents_due_on
    application.intake.save()
    admitted = admit(application, by=bao)
    tell_all()
    late = NOW + timedelta(days=100)

    assert auto_withdraw(again(admitted), now=late) is True

    assert state_of(admitted) == S.TO_WITHDRAW


def test_new_decision_takes_back_and_says_so_before(admitted, bao):
    accept(admitted, by=admitted.candidate.user, now=NOW)
    tell_all()

    warnings = [each.code for each in release_warnings(again(admitted), today=NOW.date())]
    refuse(admitted, by=bao)

    assert "handed_over" in warnings
    assert state_of(admitted) == S.TO_WITHDRAW


def test_who_is_readmitted_is_handed_over_again(admitted, bao):
    accept(admitted, by=admitted.candidate.user, now=NOW)
    tell_all()
    refuse(admitted, by=bao)
    tell_all()
    admit(admitted, by=bao)

    accept(again(admitted), by=admitted.candidate.user, now=NOW)
    again_waiting = row_of(admitted)
    tell_all()

    assert (again_waiting.state, again_waiting.turn) == (S.TO_SEND, 3)
    assert state_of(admitted) == S.ACCEPTED


def test_confirmation_that_fails_leaves_no_row(admitted, monkeypatch):
    def fail(self):
        raise RuntimeError

    monkeypatch.setattr(mails.Accepted, "send", fail)

    with pytest.raises(RuntimeError):
        accept(admitted, by=admitted.candidate.user, now=NOW)

    assert not PreEnrolment.objects.exists()


def test_withdrawing_twice_changes_nothing():
    row = PreEnrolmentFactory(withdrawn=True, application=ApplicationFactory(withdrawn=True))
    take_back([row.application], by=None, now=NOW)

    assert row_of(row.application).turn == 1


def test_worker_is_spurred_only_where_it_tells_at_once(admitted, monkeypatch, settings):
    spurred = []
    monkeypatch.setattr(asking, "spur", lambda name, *args: spurred.append(name))
    row = PreEnrolmentFactory(accepted=True, application=admitted)

    set_institution(handover_at_once=False)
    take_back([row.application], by=None, now=NOW)
    by_night = list(spurred)
    set_institution(handover_at_once=True)
    ask([row.application], by=None, now=NOW)
    settings.STUDENT_SYSTEM = "files"
    take_back([row.application], by=None, now=NOW)

    assert (by_night, spurred) == ([], [asking.SPUR])
