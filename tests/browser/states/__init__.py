"""Every page in every state, for axe, for screenshots, and for the test that no template is left
out. A page author adds one `State(…)` line per state to the module of their area."""

from tests.browser.states import (
    api,
    bulk,
    campaigns,
    candidate,
    candidates,
    catalogue,
    downloads,
    enrolment,
    external_forms,
    file,
    grid,
    handover,
    importing,
    institution,
    letters,
    mails,
    operation,
    organisation,
    perimeter,
    public,
    releases,
    requirements,
    rights,
    settings,
    shared,
    space,
    staff,
    statistics,
    tags,
    texts,
)
from tests.browser.states.state import State, prepared

_AREAS = (
    *(shared, public, catalogue, candidate, file, space, staff, settings, organisation, rights),
    perimeter,
    requirements,
    mails,
    grid,
    bulk,
    statistics,
    enrolment,
    downloads,
    tags,
    releases,
    texts,
    external_forms,
    importing,
    institution,
    letters,
    candidates,
    campaigns,
    operation,
    handover,
    api,
)

STATES: list[State] = [state for area in _AREAS for state in area.STATES]

__all__ = ["STATES", "State", "prepared"]
