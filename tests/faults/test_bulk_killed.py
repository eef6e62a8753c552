"""A worker process killed in the midst of an action on many applications: the next one goes on,
and nobody gets a mail twice."""

import random
from collections import Counter

from django.utils import timezone

from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.bulk.domain.running import ask_action, select_applications
from candide.admissions.decisions.models import Decision
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.foundation.runs.enums import ItemState, RunState
from candide.foundation.runs.models import Run, RunItem
from candide.institution.mails.models import OutgoingMail
from tests.faults.drafts import drafts, two_minutes_pass
from tests.faults.installation import wait_until

ROWS, KILLS = 40, 4


def drafts_to_release():
    """Forty drafts of one intake, and the confirmed action that releases them."""
    now = timezone.now()
    pks, ada = drafts(ROWS, now=now)
    run = select_applications(pks, by=ada, now=now)
    ask_action(run, ACTIONS["validation"], {}, now=now)
    while work(clock=timezone.now):
        pass
    confirm(run, by=ada, now=now)
    return run


def number_done():
    return RunItem.objects.filter(state=ItemState.DONE).count()


def test_release_of_many_killed_again_and_again_releases_each_once(installation):
    with installation.database():
        run = drafts_to_release()
        for kill in range(1, KILLS + 1):
            worker = installation.start("worker", CANDIDE_SEND_MAILS="0")
            enough = kill * ROWS // (KILLS + 1) + random.randint(0, 3)  # noqa: S311 -- no secret
            wait_until(lambda enough=enough: number_done() >= enough, worker.said())
            worker.kill()
            two_minutes_pass()
        last = installation.start("worker", CANDIDE_SEND_MAILS="0")
        wait_until(lambda: Run.objects.get(pk=run.pk).state == RunState.DONE, last.said())
        last.stop()

        assert number_done() == ROWS
        mails = Counter(OutgoingMail.objects.values_list("about_id", flat=True))
        assert (len(mails), set(mails.values())) == (ROWS, {1})
        assert Decision.objects.exclude(released_at=None).count() == ROWS
        assert Decision.objects.count() == ROWS
