"""No template without a state that draws it, and no page heavier than a poor line bears."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import transaction
from django.test import override_settings
from django.test.signals import template_rendered

from candide.web.shared.templatetags import look
from tests.architecture.sources import PACKAGE
from tests.browser.states import STATES, prepared

FIRST_VISIT = 150_000
LATER = 30_000

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
    return response


def packed(content):
    return len(gzip.compress(content, 6))


@cache
def packed_file(path):
    return packed(Path(path).read_bytes())


def parts(html):
    """The files a page draws on: stylesheets, scripts, pictures."""
    addresses = re.findall(r'<(?:link|script|img)\b[^>]*\b(?:href|src)="/static/([^"]+)"', html)
    return [finders.find(address) for address in set(addresses)]


def is_light(html):
    later = packed(html)
    return later < LATER and later + sum(map(packed_file, parts(html.decode()))) < FIRST_VISIT


def test_states_draw_every_template_and_those_of_candidates_are_light():
    drawn, heavy = set(), []

    def note(template, **kwargs):
        drawn.add(str(template.name).partition("#")[0])

    look._upload_field.cache_clear()  # another test may have had it drawn
    template_rendered.connect(note)
    try:
        for state in STATES:
            caches["default"].clear()
            with transaction.atomic():  # no state stands on what another left
                html = answer(state).content
                transaction.set_rollback(True)
            if state.weighed and not is_light(html):
                heavy.append(state.name)
    finally:
        template_rendered.disconnect(note)

    ours = {
        str(path.relative_to(folder))
        for folder in (PACKAGE / "web").glob("*/templates")
        for path in folder.rglob("*.html")
    }
    assert sorted(ours - drawn - set(NOT_PAGES)) == []
    assert heavy == []


def test_nothing_is_excepted_that_does_not_exist():
    folders = list((PACKAGE / "web").glob("*/templates"))

    assert [name for name in NOT_PAGES if not any((f / name).exists() for f in folders)] == []
