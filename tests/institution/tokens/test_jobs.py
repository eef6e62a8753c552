from datetime import timedelta

import pytest

from candide.institution.tokens.domain.once import KEPT, once
from candide.institution.tokens.models import KeptAnswer
from tests.factories.tokens import TokenFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def test_the_job_forgets_old_answers(now):
    once(dict, token=TokenFactory(), key="k", asked={}, now=now - KEPT - timedelta(days=1))

    assert counted("forget-answers", now=now) == {"forgotten": 1}

    assert KeptAnswer.objects.count() == 0
