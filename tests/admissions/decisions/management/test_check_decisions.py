"""What applications show of their decision is compared with the decisions, and mended."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.consistency import Difference, check_shown, differing
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import RankDisplay
from candide.institution.catalogue.models import Institution
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionFactory

pytestmark = pytest.mark.django_db

DUE = date(2027, 6, 15)


@pytest.fixture
def offered():
    """An application that shows its offer rightly."""
    application = ApplicationFactory(
        offered=True, acceptance_due_on=DUE, intake__acceptance_due_on=DUE
    )
    DecisionFactory(application=application, released=True)
    return application


def spoil(application, **columns):
    """As a repair by hand or an older version may have left it."""
    Application.objects.filter(pk=application.pk).update(**columns)


def run(*options):
    out = StringIO()
    call_command("check_decisions", *options, stdout=out)
    return out.getvalue()


def columns_of(application):
    return Application.objects.values(
        "released_outcome", "has_draft_decision", "has_any_decision", "acceptance_due_on"
    ).get(pk=application.pk)


def test_nothing_to_say_where_all_is_shown_as_decided(offered):
    ApplicationFactory(complete=True)

    assert run() == "All applications show what was decided.\n"


def test_what_differs_is_told_and_left(offered):
    spoil(offered, released_outcome="", acceptance_due_on=None, has_draft_decision=True)

    with pytest.raises(CommandError, match="1 applications differ; --fix mends them") as error:
        run()

    assert error.value.returncode == 1
    assert columns_of(offered)["released_outcome"] == ""
    assert not entries_about(offered).exists()


def test_what_differs_is_mended(offered):
    spoil(offered, released_outcome="", acceptance_due_on=None, has_draft_decision=True)

    said = run("--fix")

    assert said.splitlines() == [
        f"application {offered.pk}: released_outcome is nothing, decided was favourable",
        f"application {offered.pk}: has_draft_decision is True, decided was False",
        f"application {offered.pk}: acceptance_due_on is nothing, decided was 2027-06-15",
        "1 applications mended.",
    ]
    assert columns_of(offered) == {
        "released_outcome": Outcome.FAVOURABLE,
        "has_draft_decision": False,
        "has_any_decision": True,
        "acceptance_due_on": DUE,
    }
    (entry,) = entries_about(offered)
    assert entry.event == "decisions.mended"
    assert entry.data == {
        "columns": ["released_outcome", "has_draft_decision", "acceptance_due_on"]
    }
    assert run() == "All applications show what was decided.\n"


@pytest.mark.parametrize(
    ("columns", "missed"),
    [
        ({"released_outcome": Outcome.FAVOURABLE}, "released_outcome"),
        ({"has_draft_decision": True}, "has_draft_decision"),
        ({"has_any_decision": True}, "has_any_decision"),
        ({"rank_shown": 3}, "rank_shown"),
        ({"acceptance_due_on": DUE}, "acceptance_due_on"),
    ],
)
def test_what_is_shown_without_a_decision_is_found(columns, missed):
    application = ApplicationFactory(complete=True)
    spoil(application, **columns)

    assert list(differing()) == [application]
    assert [each.column for each in check_shown(application)] == [missed]


def test_decision_that_is_not_shown_is_found():
    decision = DecisionFactory()

    assert list(differing()) == [decision.application]
    assert check_shown(decision.application) == [
        Difference("has_draft_decision", False, True),
        Difference("has_any_decision", False, True),
    ]


def test_rank_that_is_shown_follows_the_institution(offered):
    Institution.objects.filter(pk=Institution.current().pk).update(rank_display=RankDisplay.TYPED)
    offered.decisions.update(rank=4)

    assert check_shown(offered, mend=True) == [Difference("rank_shown", None, 4)]
    assert Application.objects.get(pk=offered.pk).rank_shown == 4


def test_what_was_being_decided_while_it_was_compared_is_not_told(offered):
    """Seen in the middle of a release: looked at again under the lock, all is well."""
    spoil(offered, released_outcome="")
    found = list(differing())
    spoil(offered, released_outcome=Outcome.FAVOURABLE)

    assert found == [offered]
    assert check_shown(offered) == []


@pytest.mark.parametrize("undecided", [1, 3])
def test_only_what_is_decided_or_shows_something_is_looked_at(
    offered, django_assert_num_queries, undecided
):
    """Once, however many decisions there are."""
    Institution.current()
    DecisionFactory(application=offered)
    spoil(offered, has_draft_decision=True)
    ApplicationFactory.create_batch(undecided, complete=True)

    with django_assert_num_queries(3):
        assert list(differing()) == []


@pytest.mark.parametrize("number", [1, 3])
def test_decided_applications_are_compared_in_as_few_queries(number, django_assert_num_queries):
    Institution.current()
    for _ in range(number):
        application = ApplicationFactory(offered=True)
        DecisionFactory(application=application, released=True)

    with django_assert_num_queries(3):
        assert list(differing()) == []
