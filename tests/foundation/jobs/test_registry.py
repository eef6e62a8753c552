from datetime import time, timedelta

import pytest

from candide.foundation.jobs import registry
from candide.foundation.jobs.registry import find_job, job, jobs, sweep, sweeps


def test_job_is_found_by_its_code():
    @job("tidy", title="Tidy", at="02:30", destroys=True)
    def tidy(now, run):
        return None

    found = find_job("tidy")

    assert (found.function, found.at, found.every, found.destroys) == (
        tidy,
        time(2, 30),
        None,
        True,
    )
    assert [one.code for one in jobs()] == ["tidy"]


@pytest.mark.parametrize("options", [{}, {"at": "02:00", "every": timedelta(minutes=5)}])
def test_job_has_either_an_hour_or_a_rhythm(options):
    with pytest.raises(ValueError, match="tidy"):
        job("tidy", title="Tidy", **options)


def test_sweep_is_found():
    @sweep("scans", every=5)
    def scan(now):
        return 0

    assert [(one.code, one.function, one.every) for one in sweeps()] == [("scans", scan, 5)]


def test_unknown_job_is_an_error():
    with pytest.raises(KeyError):
        registry.find_job("nothing")
