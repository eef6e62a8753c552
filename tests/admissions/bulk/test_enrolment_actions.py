"""Fees, exemptions and regimes of many."""

from decimal import Decimal

import pytest

from candide.admissions.bulk.domain.actions import ACTIONS
from candide.admissions.bulk.domain.running import ask_action, select_applications
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from tests.admissions.bulk.conftest import done, outcomes, previewed, said
from tests.admissions.conftest import NOW, again
from tests.factories.reference import FeeExemptionFactory, StudyRegimeFactory

pytestmark = pytest.mark.django_db


def test_fees_of_many_leave_what_is_not_filled_in(bao, beside):
    exemption = FeeExemptionFactory(code="BOURS", name="Boursier")
    paid = beside(fee_amount=Decimal(100), exemption_note="dossier vu")
    other = beside(fee_amount=Decimal(30))

    run = done(bao, "droits", {"fee_exemption": exemption.pk}, paid, other)

    assert [state for state, _codes in outcomes(run)] == ["done", "done"]
    assert said(run) == ["exonération : – → Boursier"] * 2
    stored = again(paid)
    assert (stored.fee_amount, stored.fee_exemption, stored.exemption_note) == (
        Decimal(100),
        exemption,
        "dossier vu",
    )
    assert again(other).fee_amount == Decimal(30)


def test_fees_of_many_are_emptied_by_their_name_only(bao, beside):
    row = beside(fee_amount=Decimal(100), exemption_note="dossier vu")

    run = done(bao, "droits", {"clear": ["exemption_note"], "fee_amount": "254.50"}, row)

    assert said(run) == ["montant dû : 100,00 € → 254,50 € · complément : dossier vu → –"]
    stored = again(row)
    assert (stored.fee_amount, stored.exemption_note) == (Decimal("254.50"), "")
    assert HistoryEntry.objects.get(subject_id=row.pk, event__endswith="fees_set").data == {
        "fees": {"fee_amount": ["100.00", "254.50"], "exemption_note": []},
        "run": run.pk,
    }


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("droits", {}, ["nothing"]),
        ("droits", {"fee_amount": None, "exemption_note": "", "clear": []}, ["nothing"]),
        ("droits", {"fee_amount": "1.00", "clear": ["fee_amount"]}, ["both"]),
        ("regime", {}, ["nothing"]),
        ("regime", {"study_regime": 1, "clear": True}, ["nothing"]),
    ],
)
def test_values_that_say_nothing_or_contradict_themselves(bao, application, code, values, expected):
    run = select_applications([application.pk], by=bao, now=NOW)

    with pytest.raises(Refused) as refusal:
        ask_action(run, ACTIONS[code], values, now=NOW)

    assert refusal.value.codes == expected


def test_preview_says_who_has_it_already_who_may_not_and_what_is_unwise(bao, beside):
    has_it, told = beside(fee_amount=Decimal(5)), beside(offered=True)
    gone = beside(cancelled=True)

    run = previewed(bao, "droits", {"fee_amount": "5.00"}, has_it, told, gone)

    assert outcomes(run) == [
        ("needless", []),
        ("ready", ["released"]),
        ("refused", ["cancelled"]),
    ]


def test_regime_of_many_is_entered_and_emptied(bao, beside):
    regime = StudyRegimeFactory(code="4", name="Apprentissage")
    new, has_it = beside(), beside(study_regime=regime)

    run = done(bao, "regime", {"study_regime": regime.pk}, new, has_it)
    assert [state for state, _codes in outcomes(run)] == ["done", "needless"]
    assert said(run)[0] == "– → Apprentissage"

    done(bao, "regime", {"study_regime": None, "clear": True}, new)
    assert (again(new).study_regime, again(has_it).study_regime) == (None, regime)
