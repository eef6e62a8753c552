"""The harness only; what is under test is built by tests/factories.

pytest                      on SQLite in memory
pytest -m "not browser"     without Chromium
python tools/postgres.py .venv/bin/python -m pytest ...     on a PostgreSQL of its own
"""

import gc
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from _pytest import runner
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from candide.core.stack import with_room
from candide.institution.reference import jobs as reference_jobs
from candide.institution.reference.domain.importing.report import ImportReport
from tests.browser import drawn
from tests.databases import drop_database, empty_tables, sqlite_in_memory
from tests.harness import unordered_querysets_shuffled

CHROMIUM = "/usr/bin/chromium-headless-shell"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A page is there for a second: optimising its scripts much costs more than it saves.
    "--js-flags=--maglev --no-turbofan",
]

hypothesis_settings.register_profile("candide", deadline=None, database=None)
hypothesis_settings.load_profile("candide")


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's synchronous interface keeps an event loop in the thread of the test, in which
    # Django would refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    TransactionTestCase._fixture_teardown = empty_tables
    config.pluginmanager.register(drawn)


def pytest_collection_finish() -> None:
    """What was loaded until now stays; what a test leaves is collected less often than usual, for
    looking takes a tenth of the time, half of it in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """pytest's own, and in place of any other: only who calls it can give it room."""
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)
    if connection.vendor == "postgresql":
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL")
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(skip)


def _turn(item: pytest.Item) -> int:
    """Walks first, so that one process alone needs the demonstration; then what takes long, so that
    the last tests are short and no process ends long before the others."""
    is_walk = "demonstration" in getattr(item, "fixturenames", ())
    return 0 if is_walk else 1 if item.get_closest_marker("long") else 2


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """On SQLite a copy of a migrated file, in memory. On PostgreSQL a database of each worker's
    own, copied from the template that tools/test.py migrates, else migrated."""
    with ExitStack() as made:
        with django_db_blocker.unblock():
            if connection.vendor == "sqlite":
                made.enter_context(sqlite_in_memory())
            else:
                setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
                made.callback(drop_database)
        yield
        with django_db_blocker.unblock():
            made.close()


# -- Hostile by default -------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _unordered_lists_shuffled(request: pytest.FixtureRequest) -> Iterator[None]:
    seed = request.config.getoption("randomly_seed", default=0)
    with unordered_querysets_shuffled(seed):
        yield


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _no_language_chosen() -> None:
    """A request leaves the language of its page behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def files_dir(settings: Any, tmp_path_factory: pytest.TempPathFactory, request: Any) -> Path:
    """Where files stored by this test go; empty at its beginning."""
    place = tmp_path_factory.getbasetemp() / "files" / f"{id(request.node):x}"
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {**storages["default"]["OPTIONS"], "location": str(place)}
    settings.STORAGES = storages
    return place


@pytest.fixture
def reference_data_uncompared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nightly job that reads all of them, seconds each night, has tests of its own."""
    monkeypatch.setattr(reference_jobs, "compare_package_data", ImportReport)


# -- The clock ----------------------------------------------------------------------------------

FROZEN_AT = datetime(2027, 3, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    """The clock stands at 15 March 2027, 10:00 in Paris; `frozen.move_to(...)` moves it."""
    with time_machine.travel(FROZEN_AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def now(frozen: time_machine.Traveller) -> datetime:
    """The frozen moment, for passing to the domain."""
    return FROZEN_AT


# -- The browser --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_OPTIONS}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    """A French visitor; `page.goto("/…")` goes to the live server. Override the viewport, the
    language or JavaScript in a test's own module."""
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
    }


@pytest.fixture
def page(page: Any) -> Any:
    """A page whose script errors fail the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(15_000)
    yield page
    assert errors == []
