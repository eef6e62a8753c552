"""No template without a state that draws it."""

from collections import Counter

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import override_settings
from django.test.signals import template_rendered

from candide.web.shared.templatetags import look
from tests.architecture.sources import PACKAGE
from tests.browser.states import STATES, prepared

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

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.usefixtures("frozen"),
]


def answer(state):
    with override_settings(**state.settings):
        ready = prepared(state)
        ready.client.raise_request_exception = False
        if ready.post is None:
            response = ready.client.get(ready.url)
        else:
            response = ready.client.post(ready.url, ready.post)
    assert response.status_code == state.status, state.name


def templates():
    return {
        str(path.relative_to(folder))
        for folder in (PACKAGE / "web").glob("*/templates")
        for path in folder.rglob("*.html")
    }


def by_turns():
    """The first state of each page, then the second of each, …: most templates are drawn early."""
    seen = Counter()

    def turn(state):
        page = state.url if isinstance(state.url, str) else state.name.rpartition(", ")[0]
        seen[page] += 1
        return seen[page]

    return sorted(STATES, key=turn)


@pytest.mark.long
def test_states_draw_every_template():
    missing = templates() - set(NOT_PAGES)

    def note(template, **kwargs):
        missing.discard(str(template.name).partition("#")[0])

    look._upload_field.cache_clear()  # another test may have had it drawn
    template_rendered.connect(note)
    try:
        for state in by_turns():
            caches["default"].clear()
            with transaction.atomic():  # no state stands on what another left
                answer(state)
                transaction.set_rollback(True)
            if not missing:
                break
    finally:
        template_rendered.disconnect(note)

    assert sorted(missing) == []


def test_nothing_is_excepted_that_does_not_exist():
    assert sorted(set(NOT_PAGES) - templates()) == []
