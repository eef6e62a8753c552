"""That a template without a state fails the session (drawn.py)."""

import json
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from execnet import dumps

from tests.browser import drawn
from tests.browser.states import STATES

NAMES = {state.name for state in STATES}


def test_template_no_state_draws_is_found():
    drawn_by_states = drawn.templates() - set(drawn.NOT_PAGES)

    assert drawn.undrawn(NAMES, drawn_by_states) == []
    assert drawn.undrawn(NAMES, drawn_by_states - {"staff/grid/tabs.html"}) == [
        "staff/grid/tabs.html"
    ]


def test_nothing_is_missed_as_long_as_a_state_was_not_looked_at():
    assert drawn.undrawn(NAMES - {STATES[0].name}, set()) == []


def test_what_is_drawn_for_a_state_is_noted(monkeypatch):
    states, names = set(), set()
    monkeypatch.setattr(drawn, "_states", states)
    monkeypatch.setattr(drawn, "_drawn", names)

    with drawn.noted("nowhere"):
        Template("", name="staff/one.html").render(Context())
    Template("", name="staff/another.html").render(Context())

    assert (states, names) == ({"nowhere"}, {"staff/one.html"})


def test_session_fails_when_a_template_was_drawn_by_none(monkeypatch):
    class Session:
        config = object()
        exitstatus = pytest.ExitCode.OK

    class Node:
        workeroutput = {"drawn": json.dumps([sorted(NAMES), []])}

    for name, empty in (("_states", set()), ("_drawn", set()), ("_missing", [])):
        monkeypatch.setattr(drawn, name, empty)
    drawn.pytest_testnodedown(Node)

    drawn.pytest_sessionfinish(Session)

    assert Session.exitstatus == pytest.ExitCode.TESTS_FAILED
    assert "staff/grid/tabs.html" in drawn._missing


def test_what_a_process_noted_travels_to_the_first(monkeypatch):
    monkeypatch.setattr(drawn, "_states", {mark_safe("home")})
    monkeypatch.setattr(drawn, "_drawn", {mark_safe("staff/one.html")})
    output = {}

    drawn.pytest_sessionfinish(SimpleNamespace(config=SimpleNamespace(workeroutput=output)))
    dumps(output)  # as processes of the tests speak to one another
    states, names = set(), set()
    monkeypatch.setattr(drawn, "_states", states)
    monkeypatch.setattr(drawn, "_drawn", names)
    drawn.pytest_testnodedown(SimpleNamespace(workeroutput=output))

    assert (states, names) == ({"home"}, {"staff/one.html"})


def test_nothing_is_excepted_that_does_not_exist():
    assert sorted(set(drawn.NOT_PAGES) - drawn.templates()) == []
