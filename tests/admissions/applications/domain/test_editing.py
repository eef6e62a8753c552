"""What may still be changed in a dossier [VIEW-12]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import asked_questions
from candide.admissions.applications.domain.editing import item_blockers
from tests.admissions.conftest import NOW
from tests.factories.applications import TRANSMITTED_AT, AnswerFactory, ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import QuestionFactory

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("answered_at", "expected"),
    [
        (None, []),
        (TRANSMITTED_AT - HOUR, ["kept_as_given"]),
        (TRANSMITTED_AT + HOUR, []),
    ],
)
def test_question_of_an_incomplete_dossier_is_open_where_nothing_was_transmitted(
    db, answered_at, expected
):
    application = ApplicationFactory(incomplete=True, intake=IntakeFactory(open=True))
    question = QuestionFactory(common=True)
    if answered_at:
        AnswerFactory(application=application, question=question, answered_at=answered_at)
    (item,) = asked_questions(application)

    blockers = item_blockers(item, today=NOW.date())

    assert [blocker.code for blocker in blockers] == expected
