"""Telling the student system: once, whoever dies; later, when it does not answer; nothing twice."""

from datetime import timedelta

import pytest

from candide.admissions.decisions.domain.answering import accept, withdraw
from candide.admissions.handover.domain.replaying import replay
from candide.admissions.handover.domain.retrying import wait_after
from candide.admissions.handover.domain.telling import LEASE, claim, tell
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import Delivery, PreEnrolment
from candide.foundation.files.domain.blobs import open_file
from candide.institution.mails.models import OutgoingMail
from candide.integrations.sis.port import HandedOver, Unavailable
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import (
    KNOWN,
    MINUTE,
    UNKNOWN,
    admit,
    row_of,
    set_institution,
    tell_all,
)
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import AddressFactory
from tests.factories.catalogue import CampaignFactory
from tests.factories.handover import PreEnrolmentFactory

pytestmark = pytest.mark.django_db
S = HandoverState


def test_accepted_with_the_code_that_was_proposed_and_no_mail(confirmed, system):
    assert tell(clock=lambda: NOW) == 1

    row = row_of(confirmed)
    number = confirmed.candidate.user.file_number
    assert (row.state, row.code, row.told_at) == (S.ACCEPTED, f"EC{number}", NOW)
    assert system.told == [(row.key, False)]
    assert not OutgoingMail.objects.filter(kind="enrolment-code-changed").exists()


def test_other_code_of_the_system_is_kept_and_told_once(confirmed, bao, system):
    confirmed.candidate.student_number = "22301457"
    confirmed.candidate.save()
    second = admit(ApplicationFactory(candidate=confirmed.candidate), by=bao)
    accept(second, by=confirmed.candidate.user, now=NOW)

    tell_all()
    tell_all()

    assert {row_of(confirmed).code, row_of(second).code} == {"22301457"}
    (mail,) = OutgoingMail.objects.filter(kind="enrolment-code-changed", copy_to="")
    assert "22301457" in mail.text
    assert str(second.intake.programme.name) in mail.text


def test_refusal_keeps_its_reason_in_clear(confirmed):
    programme = confirmed.intake.programme
    programme.sis_code = UNKNOWN
    programme.save()

    tell_all()

    row = row_of(confirmed)
    assert (row.state, row.reason) == (S.REFUSED, f"Formation inconnue : {UNKNOWN}")
    assert row.is_held is False


@pytest.mark.parametrize(
    ("lacks", "word"),
    [
        ("programme", "n’a pas de code"),
        ("baccalaureate", "baccalauréat"),
        ("future", "futur"),
    ],
)
def test_what_lacks_something_is_not_told(confirmed, system, lacks, word):
    candidate = confirmed.candidate
    if lacks == "programme":
        confirmed.intake.programme.sis_code = ""
        confirmed.intake.programme.save()
    elif lacks == "baccalaureate":
        candidate.baccalaureate.delete()
    else:
        candidate.baccalaureate.year = NOW.year + 1
        candidate.baccalaureate.save()

    tell_all()

    row = row_of(confirmed)
    assert (row.state, system.told) == (S.REFUSED, [])
    assert word in row.reason


def test_everything_of_one_candidate_is_told_together(confirmed, bao, system):
    second = admit(ApplicationFactory(candidate=confirmed.candidate), by=bao)
    accept(second, by=confirmed.candidate.user, now=NOW)

    assert tell_all() == 1

    assert len(system.people) == 1
    assert len(system.told) == 2


def test_what_stands_since_earlier_is_repeated_and_not_news(confirmed, bao, system):
    tell_all()
    second = admit(ApplicationFactory(candidate=confirmed.candidate), by=bao)
    accept(second, by=confirmed.candidate.user, now=NOW)

    tell_all()

    assert [wish.is_news for wish in system.people[-1].wishes] == [False, True]
    assert len(system.told) == 2


@pytest.mark.parametrize("with_address", [True, False])
def test_address_follows_where_the_institution_hands_it_over(confirmed, system, with_address):
    set_institution(handover_address=with_address)

    tell_all()

    assert (system.people[0].person.address is not None) == with_address
    assert system.people[0].person.email == confirmed.candidate.user.email


@pytest.mark.parametrize("prefix", ["U7", ""])
def test_code_begins_as_the_institution_says(confirmed, system, prefix):
    """A-023."""
    set_institution(handover_prefix=prefix)

    tell_all()

    assert system.people[0].code == f"{prefix}{confirmed.candidate.user.file_number}"
    assert row_of(confirmed).code == system.people[0].code


def test_nothing_is_told_where_it_was_switched_off(confirmed, system):
    set_institution(hands_over=False)

    assert tell_all() == 0
    assert system.told == []


# -- Retrying --------------------------------------------------------------------------------------


def test_system_that_does_not_answer_makes_all_wait(confirmed, system):
    other = PreEnrolmentFactory(next_attempt_at=NOW)
    system.on_told = lambda: (_ for _ in ()).throw(Unavailable("down"))

    assert tell(clock=lambda: NOW) == 0

    row = row_of(confirmed)
    assert (row.state, row.attempts, row.next_attempt_at) == (S.TO_SEND, 1, NOW + MINUTE)
    assert "Unavailable" in row.last_error
    assert row.claim is None
    other.refresh_from_db()
    assert other.next_attempt_at == NOW + MINUTE
    system.on_told = None
    assert tell_all(NOW + MINUTE) >= 1
    assert row_of(confirmed).state == S.ACCEPTED


def test_what_fails_is_tried_less_and_less_often(confirmed, system):
    system.on_told = lambda: 1 / 0
    now = NOW
    waits = []
    for _attempt in range(3):
        tell(clock=lambda now=now: now)
        row = row_of(confirmed)
        waits.append(row.next_attempt_at - now)
        now = row.next_attempt_at

    assert waits == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert wait_after(50) == timedelta(hours=4)


def test_system_that_says_nothing_of_a_row_is_asked_again(confirmed, monkeypatch, system):
    monkeypatch.setattr(system, "hand_over", lambda people, **_: HandedOver())

    tell(clock=lambda: NOW)

    row = row_of(confirmed)
    assert (row.state, row.next_attempt_at) == (S.TO_SEND, NOW + MINUTE)


# -- Dying and changing one's mind in the middle ---------------------------------------------------


def test_worker_that_dies_after_telling_doubles_nothing(confirmed, system):
    class Killed(BaseException):
        pass

    def die():
        raise Killed

    system.on_told = die
    with pytest.raises(Killed):
        tell(clock=lambda: NOW)
    system.on_told = None

    assert tell(clock=lambda: NOW) == 0  # still claimed
    assert tell(clock=lambda: NOW + LEASE) == 1

    row = row_of(confirmed)
    assert row.state == S.ACCEPTED
    assert system.told == [(row.key, False)] * 2  # the same key both times
    assert system.held([row.reference]) == {row.reference: True}


def test_withdrawal_while_being_told_waits_for_its_turn(confirmed, system):
    def change_mind():
        withdraw(again(confirmed), by=confirmed.candidate.user, now=NOW)

    system.on_told = change_mind

    tell(clock=lambda: NOW)
    system.on_told = None
    waiting = row_of(confirmed)
    tell_all()

    assert (waiting.state, waiting.claim) == (S.TO_WITHDRAW, None)
    assert row_of(confirmed).state == S.WITHDRAWN
    assert [is_withdrawn for _key, is_withdrawn in system.told] == [False, True]
    assert system.held([waiting.reference]) == {waiting.reference: False}


def test_of_an_archived_campaign_withdrawals_alone_are_told(hands_over, system):
    PreEnrolmentFactory(application__archived_at=NOW)
    gone = PreEnrolmentFactory(to_withdraw=True, application__archived_at=NOW)

    tell_all()

    gone.refresh_from_db()
    assert (system.told, gone.state) == ([(gone.key, True)], S.WITHDRAWN)


def test_no_more_people_are_told_of_than_asked(hands_over, system):
    """B-150: as many as are left of those allowed a night, however many the system takes at
    once."""
    system.people_at_once = 10
    for _number in range(3):
        PreEnrolmentFactory()

    assert tell(clock=lambda: NOW, people=2) == 2
    assert tell(clock=lambda: NOW, people=2) == 1


def test_nobody_is_told_of_by_two_workers(confirmed, bao):
    claimed = claim(now=NOW, people=10)
    second = admit(ApplicationFactory(candidate=confirmed.candidate), by=bao)
    accept(second, by=confirmed.candidate.user, now=NOW)

    assert claimed is not None
    assert claim(now=NOW, people=10) is None


def test_what_stands_since_a_campaign_that_is_archived_is_not_repeated(confirmed, system):
    """Last year's wishes count neither among the five of Pégase nor in the list of Apogée; who
    withdraws from one of them still leaves the others there."""
    last_year = CampaignFactory(code="2026")
    old, beside = (
        PreEnrolmentFactory(
            accepted=True,
            application__candidate=confirmed.candidate,
            application__intake__campaign=last_year,
            application__intake__programme__sis_code=KNOWN,
            application__archived_at=NOW,
        )
        for _time in range(2)
    )

    tell_all()
    PreEnrolment.objects.filter(pk=old.pk).update(state=S.TO_WITHDRAW, is_wanted=False)
    tell_all()

    new = row_of(confirmed)
    assert [{wish.reference for wish in each.wishes} for each in system.people] == [
        {new.reference},
        {new.reference, old.reference, beside.reference},
    ]


def test_verdict_of_a_lost_lease_is_not_written(confirmed, system):
    def take_over():
        PreEnrolment.objects.update(claim="6f1a2c54-3ad4-4d57-9c1b-111111111111")

    system.on_told = take_over

    tell(clock=lambda: NOW)

    assert row_of(confirmed).state == S.TO_SEND


def test_refusal_of_somebody_who_was_accepted_leaves_them_held(confirmed, system):
    tell_all()
    confirmed.intake.programme.sis_code = UNKNOWN
    confirmed.intake.programme.save()
    replay([row_of(confirmed).pk], by=None, now=NOW)

    tell_all()

    assert (row_of(confirmed).state, row_of(confirmed).is_held) == (S.REFUSED, True)


# -- Files -----------------------------------------------------------------------------------------


@pytest.fixture
def by_files(settings):
    settings.STUDENT_SYSTEM = "files"


def content_of(delivery):
    found = {}
    for each in delivery.files.select_related("file"):
        with open_file(each.file) as content:
            found[each.file.name] = content.read().decode()
    return found


def test_files_are_made_once_and_rows_are_sent(confirmed, by_files):
    assert tell_all() == 1
    assert tell_all() == 0

    delivery = Delivery.objects.get()
    row = row_of(confirmed)
    number = str(confirmed.candidate.user.file_number)
    assert (row.state, row.deliveries.get(), row.code) == (S.SENT, delivery, number)
    files = content_of(delivery)
    assert sorted(files) == [
        "candidat-20270315.csv",
        "candidature-20270315.csv",
        "inscription-20270315.csv",
    ]
    assert f'"{number}";"EC";"";"";"{KNOWN}"' in files["candidature-20270315.csv"]


def test_second_hand_over_of_a_day_has_files_of_its_own(confirmed, bao, by_files):
    tell_all()
    second = admit(ApplicationFactory(candidate=confirmed.candidate), by=bao)
    accept(second, by=confirmed.candidate.user, now=NOW)

    tell_all()

    deliveries = Delivery.objects.order_by("number")
    files = content_of(deliveries[1])
    assert [delivery.number for delivery in deliveries] == [1, 2]
    assert len(files["candidature-20270315-2.csv"].splitlines()) == 2
    assert files["inscription-20270315-2.csv"].count(f'"{KNOWN}"') == 2


def test_who_has_no_address_is_not_in_the_files(confirmed, by_files):
    confirmed.candidate.address.delete()

    tell_all()

    assert (row_of(confirmed).state, Delivery.objects.count()) == (S.REFUSED, 0)
    AddressFactory(candidate=confirmed.candidate)


def test_nobody_is_told_where_there_is_no_system(confirmed, settings):
    settings.STUDENT_SYSTEM = "none"

    assert tell_all() == 0
    assert row_of(confirmed).state == S.TO_SEND
