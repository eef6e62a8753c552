"""The receipt of a transmission [TRANS-05]."""

from candide.admissions.applications.domain.receipt import draw_receipt
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.models import Snapshot
from tests.admissions.conftest import NOW


def test_receipt_that_is_not_due_is_not_drawn(application, alix):
    snapshot = transmit(application, by=alix.user, now=NOW)
    unknown = snapshot.pk + 1

    for pk in (snapshot.pk, unknown):
        draw_receipt(pk, now=NOW)

    assert list(Snapshot.objects.values_list("pk", "receipt")) == [
        (snapshot.pk, snapshot.receipt.pk)
    ]
