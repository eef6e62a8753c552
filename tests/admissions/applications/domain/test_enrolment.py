"""The fee, the exemption and the regime of one candidate."""

from decimal import Decimal

import pytest

from candide.admissions.applications.domain.enrolment import (
    fees_blockers,
    fees_mark,
    fees_warnings,
    regime_blockers,
    regime_mark,
    set_fees,
    set_regime,
)
from candide.admissions.applications.enums import ApplicationEvent
from candide.admissions.applications.models import Application
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.reference import FeeExemptionFactory, StudyRegimeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bao():
    return UserFactory(staff=True)


def codes(blockers):
    return [blocker.code for blocker in blockers]


def last_entry():
    return HistoryEntry.objects.order_by("-pk").first()


@pytest.mark.parametrize(
    ("fields", "changes", "expected"),
    [
        ({}, {"fee_amount": Decimal("254.50")}, []),
        ({}, {"fee_amount": Decimal(0)}, []),
        ({}, {"fee_amount": Decimal("-0.01")}, ["negative"]),
        ({"cancelled": True}, {"fee_amount": Decimal(1)}, ["cancelled"]),
        ({"archived_at": NOW}, {"exemption_note": "a"}, ["archived"]),
        ({"accepted": True}, {"fee_amount": Decimal(1)}, []),
    ],
)
def test_fees_blockers(fields, changes, expected):
    assert codes(fees_blockers(again(ApplicationFactory(**fields)), changes)) == expected


def test_exemption_out_of_service_is_kept_where_it_is_and_given_to_nobody_else():
    closed = FeeExemptionFactory(is_active=False)
    has_it, wants_it = ApplicationFactory(fee_exemption=closed), ApplicationFactory()
    changes = {"fee_exemption": closed}

    assert codes(fees_blockers(has_it, changes)) == []
    assert codes(fees_blockers(wants_it, changes)) == ["out_of_service"]


def test_fees_change_what_is_named_and_nothing_else(bao):
    exemption = FeeExemptionFactory(code="BOURS", name="Boursier")
    application = ApplicationFactory(fee_amount=Decimal(100), exemption_note="sur critères")

    set_fees(application, {"fee_exemption": exemption}, by=bao, seen=fees_mark(application))

    stored = again(application)
    assert (stored.fee_amount, stored.fee_exemption, stored.exemption_note) == (
        Decimal(100),
        exemption,
        "sur critères",
    )
    assert stored.version == application.version + 1
    assert last_entry().data == {"fees": {"fee_exemption": [None, "BOURS"]}}
    assert not OutgoingMail.objects.exists()


def test_history_holds_amounts_and_codes_but_no_free_text(bao):
    exemption = FeeExemptionFactory(code="BOURS")
    application = ApplicationFactory(fee_amount=Decimal(100), fee_exemption=exemption)
    changes = {
        "fee_amount": Decimal("254.5"),
        "fee_exemption": None,
        "exemption_note": "  mère   gravement malade ",
    }

    set_fees(application, changes, by=bao)

    entry = last_entry()
    assert (entry.event, entry.by_id) == (ApplicationEvent.FEES_SET, bao.pk)
    assert entry.data == {
        "fees": {
            "fee_amount": ["100.00", "254.50"],
            "fee_exemption": ["BOURS", None],
            "exemption_note": [],
        }
    }
    assert again(application).exemption_note == "mère gravement malade"


def test_same_fees_again_write_nothing(bao):
    application = ApplicationFactory(fee_amount=Decimal(100))

    set_fees(application, {"fee_amount": Decimal("100.00"), "exemption_note": ""}, by=bao)

    assert again(application).version == 0
    assert not HistoryEntry.objects.exists()


def test_fees_changed_meanwhile_are_not_written_over(bao):
    application = ApplicationFactory()
    seen = fees_mark(application)
    set_fees(application, {"fee_amount": Decimal(50)}, by=bao)

    with pytest.raises(Refused) as refusal:
        set_fees(application, {"fee_amount": Decimal(60)}, by=bao, seen=seen)

    assert refusal.value.codes == ["changed"]
    assert again(application).fee_amount == Decimal(50)


def test_fees_of_an_admission_that_was_told_warn():
    offered = ApplicationFactory(offered=True, fee_amount=Decimal(5))

    assert codes(fees_warnings(offered, {"fee_amount": Decimal(6)})) == ["released"]
    assert codes(fees_warnings(offered, {"fee_amount": Decimal(5)})) == []
    assert codes(fees_warnings(ApplicationFactory(), {"fee_amount": Decimal(6)})) == []


def test_no_negative_fee_is_ever_stored(django_assert_num_queries):
    from django.db import IntegrityError, transaction

    application = ApplicationFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(fee_amount=Decimal(-1))


def test_regime_is_entered_changed_and_emptied(bao):
    initial, apprenticeship = StudyRegimeFactory(code="1"), StudyRegimeFactory(code="4")
    application = ApplicationFactory()

    for regime in (initial, apprenticeship, apprenticeship, None):
        set_regime(application, regime, by=bao)

    assert again(application).study_regime is None
    entries = HistoryEntry.objects.filter(event=ApplicationEvent.REGIME_SET).order_by("pk")
    assert [entry.data["regimes"] for entry in entries] == [[None, "1"], ["1", "4"], ["4", None]]


def test_regime_blockers():
    closed = StudyRegimeFactory(is_active=False)
    cancelled = ApplicationFactory(cancelled=True)

    assert codes(regime_blockers(ApplicationFactory(), closed)) == ["out_of_service"]
    assert codes(regime_blockers(ApplicationFactory(study_regime=closed), closed)) == []
    assert codes(regime_blockers(cancelled, None)) == ["cancelled"]


def test_regime_changed_meanwhile_is_not_written_over(bao):
    application, regime = ApplicationFactory(), StudyRegimeFactory()
    seen = regime_mark(application)
    set_regime(application, regime, by=bao)

    with pytest.raises(Refused) as refusal:
        set_regime(application, None, by=bao, seen=seen)

    assert refusal.value.codes == ["changed"]
    assert again(application).study_regime == regime
