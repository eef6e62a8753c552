from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from candide.foundation.jobs import registry

BAO = SimpleNamespace(pk=7)
SUNDAY_NOON = datetime(2027, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the jobs, sweeps and obstacles a test registers exist."""
    monkeypatch.setattr(registry, "_jobs", {})
    monkeypatch.setattr(registry, "_sweeps", {})
    monkeypatch.setattr(registry, "_obstacles", [])


@pytest.fixture
def nightly() -> Callable[..., list[datetime]]:
    """Register a job that notes when it ran: `ran = nightly("tidy", at="02:00")`."""

    def register(code: str, **options) -> list[datetime]:
        ran: list[datetime] = []
        if "every" not in options:
            options.setdefault("at", "02:00")

        @registry.job(code, title=code, **options)
        def note(now, run):
            ran.append(now)

        return ran

    return register
