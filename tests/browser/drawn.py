"""A plugin of pytest: no template without a state that draws it.

Each process notes what was drawn while states were looked at (`test_states.py`), the first adds it
up. When every state was looked at and a template was drawn by none, the session has failed, for axe
never saw it.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test.signals import template_rendered

from tests.architecture.sources import PACKAGE

# Drawn by something else than a page, or only into one that is already there.
NOT_PAGES = {
    "candidate/application/answer_saved.html": "the answer to an autosave; tests/web/candidate",
    "candidate/application/document_given.html": "the answer to an upload; tests/browser/walks",
    "candidate/application/document_gone.html": "the answer to an upload; tests/web/candidate",
    "shared/file/saved.html": "the answer to an autosave; tests/web/candidate/file",
    "staff/application/acting_document.html": "the answer to an upload; tests/web/staff",
    "staff/application/acting_saved.html": "the answer to an autosave; tests/web/staff",
    "staff/application/colleagues.html": "asked for by the page once it is open; tests/web/staff",
    "staff/register/document.html": "a file to keep; tests/web/staff/test_register.py",
    "staff/settings/dates.html": "the answer to dates being typed; tests/web/staff",
    "shared/autosave.html": "the answer to a save, out of band; tests/browser/test_scripts.py",
}
_states: set[str] = set()
_drawn: set[str] = set()
_missing: list[str] = []


@contextmanager
def noted(state: str) -> Iterator[None]:
    """What is drawn meanwhile, by the server beside the browser too, was drawn by this state."""

    def note(template: Any, **kwargs: Any) -> None:
        _drawn.add(str(template.name).partition("#")[0])

    template_rendered.connect(note)
    try:
        yield
    finally:
        template_rendered.disconnect(note)
    _states.add(state)


def templates() -> set[str]:
    """The pages of every area and their parts, by the names they are loaded under."""
    return {
        str(path.relative_to(folder))
        for folder in (PACKAGE / "web").glob("*/templates")
        for path in folder.rglob("*.html")
    }


def undrawn(states: Collection[str], drawn: Collection[str]) -> list[str]:
    """The templates no state drew; none as long as a state was not looked at."""
    from tests.browser.states import STATES  # models, which are not ready when pytest begins

    if {state.name for state in STATES} - set(states):
        return []
    return sorted(templates() - set(drawn) - set(NOT_PAGES))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    states, drawn = json.loads(getattr(node, "workeroutput", {}).get("drawn", "[[], []]"))
    _states.update(states)
    _drawn.update(drawn)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        # As text: names may be of a kind of string that does not travel between processes.
        output["drawn"] = json.dumps([sorted(_states), sorted(_drawn)])
    elif _states and (missing := undrawn(_states, _drawn)):
        _missing.extend(missing)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for template in _missing:
        terminalreporter.line(f"FAILED: no state of tests/browser draws {template}", red=True)
