"""Only what is filled in is changed, of many intakes at once [7.4, B-056]."""

from datetime import date
from typing import Any

import pytest

from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.domain.mass_edition import (
    change_intakes,
    mark_of_rows,
    planned_changes,
)
from candide.institution.catalogue.models import Intake
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory

pytestmark = pytest.mark.django_db
JURY, LATER = date(2027, 5, 20), date(2027, 6, 10)


def rows() -> list[Intake]:
    return list(Intake.objects.select_related("campaign").order_by("pk"))


def change(values: dict[str, Any], *, by: Any = None, seen: str | None = None) -> list[Any]:
    seen = mark_of_rows(rows()) if seen is None else seen
    return change_intakes([row.pk for row in rows()], values, seen=seen, by=by)


def test_what_is_not_filled_in_stays_as_each_has_it():
    IntakeFactory(acceptance_days=7, jury_on=JURY)
    IntakeFactory(results_on=LATER, capacity=12)

    change({"jury_on": JURY + DAY})

    assert [(row.jury_on, row.acceptance_days, row.results_on, row.capacity) for row in rows()] == [
        (JURY + DAY, 7, None, None),
        (JURY + DAY, None, LATER, 12),
    ]


def test_service_is_set_alone():
    IntakeFactory(), IntakeFactory(is_active=False)

    done = change({"is_active": False})

    assert [row.is_active for row in rows()] == [False, False]
    assert len(done) == 1


@pytest.mark.parametrize(
    ("given", "values", "kept"),
    [
        ("acceptance_days", {"acceptance_due_on": LATER}, {"acceptance_due_on": LATER}),
        ("acceptance_due_on", {"acceptance_days": 7}, {"acceptance_days": 7}),
        (
            "reserve_acceptance_due_on",
            {"reserve_acceptance_days": 0},
            {"reserve_acceptance_days": 0},
        ),
    ],
)
def test_day_and_delay_replace_one_another(given, values, kept):
    """5.1."""
    before = 5 if given.endswith("days") else LATER
    IntakeFactory(**{given: before})

    change(values)

    (row,) = rows()
    assert getattr(row, given) is None
    assert {name: getattr(row, name) for name in kept} == kept


def test_row_whose_dates_would_contradict_stays_and_others_are_changed():
    early = IntakeFactory()
    late = IntakeFactory(closes_on=LATER, documents_due_on=LATER)

    planned = planned_changes(rows(), {"jury_on": JURY})
    done = change({"jury_on": JURY})

    assert [[each.code for each in row.blockers] for row in planned] == [
        [],
        ["jury_on_before_documents_due_on"],
    ]
    assert [each.intake for each in done] == [early]
    assert [row.jury_on for row in rows()] == [JURY, None]
    assert late in rows()


def test_plan_names_what_changes_and_warns_of_days_outside_the_campaign():
    IntakeFactory(jury_on=JURY)
    outside = CampaignFactory().ends_on + DAY

    (planned,) = planned_changes(rows(), {"jury_on": JURY, "results_on": outside})

    assert [(each.before, each.after) for each in planned.changes] == [(None, outside)]
    assert [each.code for each in planned.warnings] == ["outside_campaign"]
    assert rows()[0].results_on is None


def test_each_change_is_in_the_history():
    intake, bao = IntakeFactory(jury_on=JURY), UserFactory(staff=True)

    change({"jury_on": LATER}, by=bao)

    entry = HistoryEntry.objects.get()
    assert (entry.subject_id, entry.by_id) == (intake.pk, bao.pk)
    assert entry.data["changes"] == {"jury_on": [JURY.isoformat(), LATER.isoformat()]}


def test_change_of_somebody_else_since_the_preview_is_not_written_over():
    IntakeFactory(), IntakeFactory()
    seen = mark_of_rows(rows())
    Intake.objects.filter(pk=rows()[1].pk).update(capacity=5)

    with pytest.raises(Refused) as refusal:
        change({"jury_on": JURY}, seen=seen)

    assert refusal.value.codes == ["changed_meanwhile"]
    assert [row.jury_on for row in rows()] == [None, None]
