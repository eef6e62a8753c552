"""The description of the API."""

from tests.browser.states.state import State

STATES = [State("api", "/api/", weighed=False)]
