"""Where on the reserve list those stand who are not on it yet."""

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.decisions.domain.entering import enter_decision
from candide.admissions.decisions.domain.ranking import places_after
from tests.admissions.conftest import NOW, again
from tests.admissions.decisions.conftest import draft_of
from tests.factories.applications import ApplicationFactory


def drafted(application, outcome, bao, **fields):
    enter_decision(application, draft_of(outcome, **fields), by=bao, now=NOW)
    return draft_decision(again(application))


def test_places_count_who_stays_and_who_joins_and_not_who_leaves(application, listed, bao):
    first, second, _third = listed
    leaves = drafted(second, Outcome.UNFAVOURABLE, bao)
    moves = drafted(first, Outcome.RESERVE_LIST, bao, rank=40)
    joins = drafted(
        again(ApplicationFactory(intake=application.intake)), Outcome.RESERVE_LIST, bao, rank=35
    )

    places = places_after(application.intake, [leaves, moves, joins])

    assert places == {joins.application_id: 2, moves.application_id: 3}
