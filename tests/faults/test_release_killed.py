"""A worker process killed while it prepares decisions, and while it releases them: everything is
prepared once, and released all at once or not at all."""

import random
from collections import Counter

import pytest
from django.db import connection, transaction
from django.utils import timezone

from candide.admissions.decisions.models import Decision
from candide.admissions.releases.domain.beginning import begin_release
from candide.admissions.releases.domain.planning import release_now
from candide.admissions.releases.models import Release, ReleaseRow
from candide.core.clock import localdate
from candide.foundation.runs.enums import RunState
from candide.foundation.runs.models import Run
from candide.institution.mails.models import OutgoingMail
from tests.faults.drafts import drafts, two_minutes_pass
from tests.faults.installation import wait_until

ROWS, KILLS = 60, 3


def begun():
    """Drafts of one intake, about to be prepared."""
    now = timezone.now()
    pks, ada = drafts(ROWS, now=now)
    return begin_release(pks, day=localdate(now), by=ada, now=now), ada


def number_prepared():
    return ReleaseRow.objects.filter(state="prepared").count()


def number_released():
    return Decision.objects.exclude(released_at=None).count()


def killed_again_and_again(installation):
    """A worker prepares, killed and started anew; then one that ends what is left."""
    for kill in range(1, KILLS + 1):
        worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
        enough = kill * ROWS // (KILLS + 1) + random.randint(0, 3)  # noqa: S311 -- no secret
        wait_until(lambda enough=enough: number_prepared() >= enough, worker.said())
        worker.kill()
        two_minutes_pass()


def is_prepared():
    return Run.objects.get().state == RunState.DONE


def is_done():
    return Release.objects.get().state == "done"


def assert_everything_left_once():
    assert number_released() == ROWS
    mails = Counter(OutgoingMail.objects.values_list("about_id", flat=True))
    assert (len(mails), set(mails.values())) == (ROWS, {1})
    assert ReleaseRow.objects.filter(state="released").count() == ROWS


def test_preparing_killed_again_and_again_prepares_each_once(installation):
    with installation.database():
        release, ada = begun()
        killed_again_and_again(installation)
        worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(is_prepared, worker.said())
        assert (number_prepared(), number_released()) == (ROWS, 0)
        assert not OutgoingMail.objects.exists()

        release_now(release, by=ada, now=timezone.now())
        wait_until(is_done, worker.said())
        worker.stop()

        assert_everything_left_once()


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


@pytest.mark.postgresql
def test_worker_killed_in_the_midst_of_releasing_has_released_nothing(installation):
    """It dies when everything is visible already to itself, and mails are about to be queued."""
    with installation.database():
        release, ada = begun()
        worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(is_prepared, worker.said())
        worker.stop()
        release_now(release, by=ada, now=timezone.now())
        for _ in range(KILLS):
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("LOCK TABLE mails_outgoingmail IN SHARE MODE")
                worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
                wait_until(waits_for_a_lock, worker.said())
                worker.kill()
            assert number_released() == OutgoingMail.objects.count() == 0

        worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(is_done, worker.said())
        worker.stop()

        assert_everything_left_once()
