"""Every page in every state, for axe, for screenshots, and for the test that no template is left
out. A page author adds one `State(…)` line per state to the module of their area."""

from tests.browser.states import candidate, public, shared, staff
from tests.browser.states.state import State, prepared

STATES: list[State] = [*shared.STATES, *public.STATES, *candidate.STATES, *staff.STATES]

__all__ = ["STATES", "State", "prepared"]
