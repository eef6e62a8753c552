import pytest

from candide.core import gauges as core_gauges
from candide.core.gauges import gauge, gauges


@pytest.fixture
def registered(monkeypatch):
    monkeypatch.setattr(core_gauges, "_gauges", {})
    monkeypatch.setattr(core_gauges, "autodiscover_modules", lambda *names: None)


def test_gauges_come_by_name_with_what_they_are(registered, now):
    @gauge("candide_tests", "Tests.", label="kind")
    def tests(now):
        return {"good": 1.0}

    @gauge("candide_hours", "Hours.")
    def hours(now):
        return now.hour

    assert [(each.name, each.help, each.label) for each in gauges()] == [
        ("candide_hours", "Hours.", ""),
        ("candide_tests", "Tests.", "kind"),
    ]
    assert [each.read(now) for each in gauges()] == [10, {"good": 1.0}]
