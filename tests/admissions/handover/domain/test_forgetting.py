"""Files for the student system are whole or not at all: once somebody in them is erased they go,
and the others are told of again where nobody loaded them."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from candide.admissions.handover.domain import deliveries
from candide.admissions.handover.domain.replaying import say_loaded
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.core.blockers import Refused
from candide.foundation.downloads.models import Download
from candide.foundation.files.models import StoredFile
from tests.admissions.conftest import NOW
from tests.admissions.handover.conftest import KNOWN, set_institution, tell_all
from tests.factories.candidates import CandidateFactory
from tests.factories.downloads import DownloadFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import TOLD_AT, DeliveryFactory, PreEnrolmentFactory

pytestmark = pytest.mark.django_db
S = HandoverState


def delivered(*rows, **fields):
    """Files with these in them."""
    delivery = DeliveryFactory(**fields)
    DeliveryFile.objects.create(delivery=delivery, file=StoredFileFactory())
    delivery.pre_enrolments.add(*rows)
    return delivery


def states_of(*rows):
    return [PreEnrolment.objects.get(pk=row.pk).state for row in rows]


def test_others_in_files_nobody_loaded_are_told_of_again():
    gone, sent, accepted = (PreEnrolmentFactory(sent=True) for _ in range(3))
    PreEnrolment.objects.filter(pk=accepted.pk).update(state=S.ACCEPTED)
    withdrawn = PreEnrolmentFactory(withdrawn=True)
    delivery = delivered(gone, sent, accepted, withdrawn)

    deliveries.forget([gone.application_id], now=NOW)

    again, back = PreEnrolment.objects.get(pk=sent.pk), PreEnrolment.objects.get(pk=withdrawn.pk)
    assert (again.state, again.turn, again.next_attempt_at) == (S.TO_SEND, 2, NOW)
    assert (back.state, back.turn, back.is_held) == (S.TO_WITHDRAW, 2, True)
    assert states_of(accepted) == [S.ACCEPTED]
    assert not delivery.files.exists()
    assert not StoredFile.objects.exists()
    assert gone not in delivery.pre_enrolments.all()
    with pytest.raises(Refused, match="emptied"):
        say_loaded(delivery, by=None, now=NOW)
    with pytest.raises(Refused, match="emptied"):
        deliveries.ask_delivery(delivery, by=None, now=NOW)


def test_who_is_in_later_files_is_not_told_of_again():
    gone, twice = PreEnrolmentFactory(sent=True), PreEnrolmentFactory(sent=True)
    delivered(gone, twice)
    later = delivered(twice)

    deliveries.forget([gone.application_id], now=NOW)

    assert states_of(twice) == [S.SENT]
    assert later.files.count() == 1


def test_nothing_is_told_again_of_files_that_are_loaded_or_gone():
    gone, other = PreEnrolmentFactory(sent=True), PreEnrolmentFactory(sent=True)
    loaded = delivered(gone, loaded_at=TOLD_AT)
    loaded.pre_enrolments.add(other)
    emptied = DeliveryFactory()
    emptied.pre_enrolments.add(gone, other)

    deliveries.forget([gone.application_id], now=NOW)

    assert states_of(other) == [S.SENT]
    assert not DeliveryFile.objects.exists()


def test_files_with_nobody_left_go_with_their_archive():
    gone = PreEnrolmentFactory(sent=True)
    delivery = delivered(gone)
    DownloadFactory(ready=True, kind=deliveries.DELIVERY, keys=(delivery.pk,))
    kept = DownloadFactory(ready=True, kind=deliveries.DELIVERY, keys=(delivery.pk + 1,))

    deliveries.forget([gone.application_id], now=NOW)

    assert not Delivery.objects.exists()
    assert list(Download.objects.all()) == [kept]
    assert list(StoredFile.objects.all()) == [kept.file]


def test_files_made_after_some_went_have_a_number_of_their_own(settings):
    settings.STUDENT_SYSTEM = "files"
    set_institution(hands_over=True)
    rows = [_ready() for _ in range(3)]
    for row in rows[:2]:
        PreEnrolment.objects.filter(pk=row.pk).update(next_attempt_at=NOW)
        PreEnrolment.objects.exclude(pk=row.pk).update(next_attempt_at=NOW.replace(year=2028))
        tell_all()

    deliveries.forget([rows[0].application_id], now=NOW)
    PreEnrolment.objects.update(next_attempt_at=NOW)
    tell_all()

    assert list(Delivery.objects.order_by("pk").values_list("number", flat=True)) == [2, 3]
    assert list(rows[2].deliveries.values_list("number", flat=True)) == [3]


def test_only_who_is_in_the_files_last_is_loaded():
    twice = PreEnrolmentFactory(sent=True)
    first, second = delivered(twice), delivered(twice)

    assert say_loaded(first, by=None, now=NOW) == 0
    assert say_loaded(second, by=None, now=NOW) == 1


def _ready():
    candidate = CandidateFactory(complete=True)
    return PreEnrolmentFactory(
        application__candidate=candidate, application__intake__programme__sis_code=KNOWN
    )


@pytest.mark.django_db(transaction=True)
def test_the_last_files_there_were_are_carried_over():
    one, none = PreEnrolmentFactory(sent=True), PreEnrolmentFactory()
    delivered(one)
    last = delivered(one)

    _migrate("0001_initial")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, delivery_id FROM handover_preenrolment ORDER BY id")
        assert cursor.fetchall() == [(one.pk, last.pk), (none.pk, None)]
    _migrate("0002_every_delivery")

    assert list(one.deliveries.all()) == [last]
    assert not none.deliveries.exists()


def _migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("handover", name)])
