"""A lease of the frozen moment (see catalogue.py)."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.foundation.leases import models
from candide.foundation.leases.enums import LeaseReason

NOW = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


class LeaseFactory(DjangoModelFactory):
    class Meta:
        model = models.Lease

    class Params:
        wanted = factory.Trait(wanted_at=NOW, wanted_by_id=2)

    resource = factory.Sequence(lambda n: f"candidate:{n}/address")
    owner_id = 1
    tab = "first"
    reason = LeaseReason.EDITING
    taken_at = NOW
    refreshed_at = NOW
