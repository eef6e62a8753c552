"""What may still be changed in a dossier [VIEW-12]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.asked import asked_questions
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.editing import (
    editing_blockers,
    item_blockers,
    waits_for_dossier,
)
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import CandidateAnswer, Outcome
from candide.core.blockers import Refused
from tests.admissions.conftest import NOW, again
from tests.factories.applications import TRANSMITTED_AT, AnswerFactory, ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

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


OFFERED = {"released_outcome": Outcome.FAVOURABLE}
REFUSED = {"released_outcome": Outcome.UNFAVOURABLE}
ACCEPTED = OFFERED | {"answer": CandidateAnswer.ACCEPTED, "answered_at": NOW}
WITHDRAWN = OFFERED | {"answer": CandidateAnswer.WITHDRAWN, "answered_at": NOW}


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        (REFUSED, ["decided"]),
        (OFFERED, ["decided"]),
        (ACCEPTED, ["decided"]),
        (WITHDRAWN, ["decided"]),
        ({"released_outcome": Outcome.RESERVE_LIST}, []),
        ({"released_outcome": Outcome.WAITING_LIST}, []),
        ({"released_outcome": Outcome.SHORTLISTED}, []),
        ({"has_draft_decision": True}, []),
        ({"incomplete": True}, []),
        # Whoever is admitted still completes the dossier.
        ({"incomplete": True} | OFFERED, []),
        ({"incomplete": True} | ACCEPTED, []),
        ({"incomplete": True} | REFUSED, ["decided"]),
        ({"incomplete": True} | WITHDRAWN, ["decided"]),
        # Something else than the decision is in the way, and says so alone.
        ({"transmitted": True} | REFUSED, ["already_transmitted"]),
        ({"complete": True} | OFFERED, ["already_transmitted"]),
        ({"cancelled_at": NOW}, ["cancelled"]),
        ({"cancelled_at": NOW} | REFUSED, ["cancelled"]),
    ],
)
@pytest.mark.parametrize("enforce_deadline", [True, False])
def test_dossier_is_waited_for_until_a_final_decision(db, fields, codes, enforce_deadline):
    """A draft counts for nothing. Pages and blockers agree."""
    application = again(ApplicationFactory(intake=IntakeFactory(open=True), **fields))

    blockers = editing_blockers(application, today=NOW.date(), enforce_deadline=enforce_deadline)

    assert [blocker.code for blocker in blockers] == codes
    assert waits_for_dossier(application) is (codes == [])


def test_dossier_decided_meanwhile_is_not_transmitted(alix, application):
    type(application).objects.update(**REFUSED)

    with pytest.raises(Refused) as refusal:
        transmit(application, by=alix.user, now=NOW)

    assert refusal.value.codes == ["decided"]
    assert again(application).snapshots.count() == 0


def test_shared_document_is_given_to_no_decided_dossier(alix, application, stored_file):
    decided = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True), **REFUSED)
    cv = DocumentRequirementFactory(common=True)

    give_document(application, cv, stored_file(), by=alix.user, now=NOW)

    assert application.submitted_documents.count() == 1
    assert decided.submitted_documents.count() == 0
