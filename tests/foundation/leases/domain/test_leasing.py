"""A lease, not a lock (architecture, 0) [LOCK-01…09]."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils.translation import override

from candide.core.blockers import Refused
from candide.foundation.leases.domain.leasing import (
    forget_ended,
    holder,
    lease_blockers,
    release,
    release_all,
    take,
)
from candide.foundation.leases.enums import LeaseReason
from candide.foundation.leases.jobs import forget_leases
from candide.foundation.leases.models import RESERVED, Lease
from tests.factories.leases import LeaseFactory

pytestmark = pytest.mark.django_db

ALIX, BAO = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
ADDRESS = "candidate:1/address"
NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
IDLE, LONGEST = timedelta(minutes=15), timedelta(hours=1)  # as candidates are promised [S0-08]


def alix_takes(at: datetime = NOW, tab: str = "first") -> Lease:
    return take(ADDRESS, by=ALIX, tab=tab, now=at)


def alix_works_until(end: datetime) -> None:
    """Alix takes the address now and gives a sign of life every ten minutes."""
    moment = NOW
    alix_takes()
    while moment + 10 * MINUTE <= end:
        moment += 10 * MINUTE
        take(ADDRESS, by=ALIX, tab="first", now=moment)


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as refusal:
        call(*args, **kwargs)
    return refusal.value.codes


def test_first_one_takes_it():
    lease = alix_takes()

    assert (lease.resource, lease.owner_id, lease.reason) == (ADDRESS, 1, LeaseReason.EDITING)
    assert holder(ADDRESS, now=NOW) == lease


def test_somebody_else_is_kept_out_and_noted_as_waiting():
    alix_takes()

    codes = refused(take, ADDRESS, by=BAO, tab="b", now=NOW + MINUTE)

    lease = Lease.objects.get()
    assert codes == ["leased"]
    assert (lease.owner_id, lease.wanted_by_id, lease.wanted_at) == (1, 2, NOW + MINUTE)


def test_who_is_kept_out_reads_the_words_of_the_guides_with_reason_and_end():
    take(ADDRESS, by=BAO, tab="b", now=NOW, reason=LeaseReason.STAFF)

    with override("fr"):
        blockers = lease_blockers(ADDRESS, by=ALIX, now=NOW)

    assert [blocker.message for blocker in blockers] == [
        "Compte verrouillé par un autre utilisateur : le service des admissions travaille sur ce "
        "dossier. Réessayez dans quelques minutes ; il sera libre au plus tard à 11 h 00."
    ]


def test_asking_why_one_may_not_edit_takes_and_notes_nothing(django_assert_num_queries):
    alix_takes()

    with django_assert_num_queries(2):
        assert [b.code for b in lease_blockers(ADDRESS, by=BAO, now=NOW)] == ["leased"]
        assert lease_blockers("candidate:1/identity", by=BAO, now=NOW) == []

    assert Lease.objects.get().wanted_at is None


def test_other_resources_are_free():
    alix_takes()

    take("candidate:1/identity", by=BAO, tab="b", now=NOW)

    assert Lease.objects.count() == 2


# -- The same person ------------------------------------------------------------------------------


def test_same_person_goes_on_in_another_window():
    alix_takes(tab="first")

    lease = alix_takes(NOW + MINUTE, tab="second")

    assert (lease.tab, lease.taken_at) == ("second", NOW)


def test_another_window_does_not_begin_another_hour():
    alix_works_until(NOW + 55 * MINUTE)
    refused(take, ADDRESS, by=BAO, tab="b", now=NOW + 50 * MINUTE)

    alix_takes(NOW + 59 * MINUTE, tab="second")

    assert take(ADDRESS, by=BAO, tab="b", now=NOW + LONGEST).owner_id == BAO.pk


# -- When it ends ---------------------------------------------------------------------------------


def test_it_ends_after_fifteen_idle_minutes():
    alix_takes()

    assert refused(take, ADDRESS, by=BAO, tab="b", now=NOW + IDLE - SECOND) == ["leased"]
    assert take(ADDRESS, by=BAO, tab="b", now=NOW + IDLE).owner_id == BAO.pk
    assert refused(take, ADDRESS, by=ALIX, tab="first", now=NOW + IDLE) == ["leased"]


def test_taking_over_begins_another_hour_and_nobody_waits_any_more():
    alix_takes()
    refused(take, ADDRESS, by=BAO, tab="b", now=NOW + MINUTE)

    take(ADDRESS, by=BAO, tab="b", now=NOW + IDLE)

    lease = Lease.objects.get()
    assert (lease.taken_at, lease.wanted_at, lease.wanted_by_id) == (NOW + IDLE, None, None)


def test_signs_of_life_keep_it():
    alix_works_until(NOW + 50 * MINUTE)

    assert refused(take, ADDRESS, by=BAO, tab="b", now=NOW + 59 * MINUTE) == ["leased"]


def test_who_was_away_goes_on_if_nobody_came():
    alix_takes()

    lease = take(ADDRESS, by=ALIX, tab="first", now=NOW + 2 * LONGEST)

    assert (lease.taken_at, lease.refreshed_at) == (NOW + 2 * LONGEST, NOW + 2 * LONGEST)


def test_it_may_be_kept_for_hours_while_nobody_waits():
    alix_works_until(NOW + 5 * LONGEST)

    assert holder(ADDRESS, now=NOW + 5 * LONGEST).owner_id == ALIX.pk


def test_after_an_hour_whoever_comes_gets_it():
    alix_works_until(NOW + LONGEST)

    assert take(ADDRESS, by=BAO, tab="b", now=NOW + LONGEST).owner_id == BAO.pk


def test_after_an_hour_it_is_kept_a_moment_for_whoever_waits():
    alix_works_until(NOW + 50 * MINUTE)
    refused(take, ADDRESS, by=BAO, tab="b", now=NOW + 50 * MINUTE)

    at_the_hour = refused(take, ADDRESS, by=ALIX, tab="first", now=NOW + LONGEST)

    assert at_the_hour == ["lease_over"]
    assert holder(ADDRESS, now=NOW + LONGEST) is None
    assert refused(alix_takes, NOW + LONGEST + RESERVED - SECOND) == ["lease_over"]
    lease = alix_takes(NOW + LONGEST + RESERVED)
    assert (lease.taken_at, lease.wanted_at) == (NOW + LONGEST + RESERVED, None)


# -- Giving back ----------------------------------------------------------------------------------


def test_it_is_given_back_by_the_window_that_holds_it():
    alix_takes(tab="second")

    given_back = [
        release(ADDRESS, by=BAO, tab="second"),
        release(ADDRESS, by=ALIX, tab="first"),
        release(ADDRESS, by=ALIX, tab="second"),
        release(ADDRESS, by=ALIX, tab="second"),
    ]

    assert given_back == [False, False, True, False]
    assert holder(ADDRESS, now=NOW) is None


def test_all_of_a_person_is_given_back_at_once():
    LeaseFactory.create_batch(2, owner_id=ALIX.pk)
    kept = LeaseFactory(owner_id=BAO.pk)

    assert release_all(by=ALIX) == 2
    assert Lease.objects.get() == kept


def test_ended_leases_are_forgotten_after_two_hours():
    LeaseFactory(refreshed_at=NOW - 2 * LONGEST - SECOND)
    kept = LeaseFactory(refreshed_at=NOW - 2 * LONGEST)
    counts = {}

    forget_leases(NOW, SimpleNamespace(count=lambda **numbers: counts.update(numbers)))

    assert counts == {"leases": 1, "presences": 0}
    assert Lease.objects.get() == kept
    assert forget_ended(now=NOW) == 0


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_it_and_the_other_is_told():
    people = [SimpleNamespace(pk=pk) for pk in range(1, 9)]
    start = Barrier(len(people))
    outcomes = []

    def take_it(person):
        try:
            start.wait(10)
            take(ADDRESS, by=person, tab="t", now=NOW)
            outcomes.append("taken")
        except Refused as refusal:
            outcomes.append(refusal.codes[0])
        finally:
            connection.close()

    threads = [Thread(target=take_it, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == ["leased"] * 7 + ["taken"]
    assert Lease.objects.count() == 1
