"""Long work of the frozen day (see catalogue.py)."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.foundation.runs import models
from candide.foundation.runs.enums import ItemState, RunState
from tests.factories.accounts import UserFactory

CREATED_AT = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
CONFIRMED_AT = datetime(2027, 3, 15, 8, 5, tzinfo=UTC)
ENDED_AT = datetime(2027, 3, 15, 8, 10, tzinfo=UTC)


class RunFactory(DjangoModelFactory):
    """A selection nobody said anything about yet."""

    class Meta:
        model = models.Run

    class Params:
        examined = factory.Trait(state=RunState.EXAMINED, version=1)
        running = factory.Trait(state=RunState.RUNNING, confirmed_at=CONFIRMED_AT, version=1)
        stopped = factory.Trait(
            state=RunState.STOPPED, confirmed_at=CONFIRMED_AT, ended_at=ENDED_AT, version=1
        )
        done = factory.Trait(
            state=RunState.DONE, confirmed_at=CONFIRMED_AT, ended_at=ENDED_AT, version=1
        )

    kind = "bulk"
    asked_by = factory.SubFactory(UserFactory, staff=True)
    language = "fr"
    created_at = CREATED_AT


class RunItemFactory(DjangoModelFactory):
    class Meta:
        model = models.RunItem

    class Params:
        done = factory.Trait(state=ItemState.DONE, settled_at=ENDED_AT)

    run = factory.SubFactory(RunFactory)
    position = factory.Sequence(lambda n: n + 1)
    subject_id = factory.Sequence(lambda n: n + 1)
