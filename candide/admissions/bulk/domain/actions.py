"""The table of actions for many applications, in the order they are offered [annex 2]. A new one
is a line here, and a form in the staff's pages."""

from typing import Any

from candide.admissions.bulk.domain.action import Action
from candide.admissions.bulk.domain.deciding import (
    ANSWER_DAY,
    CONFIRM_ROUTE,
    DELETE_DRAFT,
    ENTER,
    RELEASE,
)
from candide.admissions.bulk.domain.dossiers import DOCUMENTS_DAY, RESTORE, ROUTE, STATUS
from candide.admissions.bulk.domain.enrolment import FEES, REGIME
from candide.admissions.bulk.domain.letters import LETTERS
from candide.admissions.bulk.domain.tagging import TAGS
from candide.admissions.bulk.domain.writing import WRITE

ACTIONS: dict[str, Action] = {
    action.code: action
    for action in (
        STATUS,
        ROUTE,
        CONFIRM_ROUTE,
        ENTER,
        RELEASE,
        DELETE_DRAFT,
        LETTERS,
        DOCUMENTS_DAY,
        ANSWER_DAY,
        FEES,
        REGIME,
        TAGS,
        WRITE,
        RESTORE,
    )
}


def actions_of(user: Any) -> list[Action]:
    """What somebody may do to any application at all; each row is asked about by itself."""
    return [action for action in ACTIONS.values() if user.has_perm(action.permission)]
