from tests.browser.states.state import State

STATES: list[State] = []
