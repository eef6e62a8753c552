from datetime import timedelta

import pytest

from candide.institution.tokens.domain.once import KEPT, once
from candide.institution.tokens.jobs import forget_answers
from candide.institution.tokens.models import KeptAnswer
from tests.factories.tokens import TokenFactory

pytestmark = pytest.mark.django_db


class Run:
    def count(self, **counted):
        self.counted = counted


def test_the_job_forgets_old_answers(now):
    run = Run()
    once(dict, token=TokenFactory(), key="k", asked={}, now=now - KEPT - timedelta(days=1))

    forget_answers(now, run)

    assert run.counted == {"forgotten": 1}
    assert KeptAnswer.objects.count() == 0
