"""A plugin of pytest, `-p tests.covered -n 2`: which lines and branches of the product each process
of the tests ran, kept in the folder COVERAGE_DIR, which tools/test.py names, for
tools/coverage_gate.py.

SlipCover marks the code as it is loaded and takes out the marks that were met. Tracing, as
coverage.py must before Python 3.12, takes two thirds as long again as the tests themselves. This
module comes with `-p`, before anything of the product is loaded.
"""

import json
import os
from pathlib import Path
from uuid import uuid4

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover

SOURCES, OMITTED = ["candide"], ["*/migrations/*"]


def begin() -> Slipcover:
    """Measure what is loaded from now on."""
    measured = Slipcover(branch=True, source=SOURCES, omit=OMITTED)
    ImportManager(measured, FileMatcher(sources=SOURCES, omit=OMITTED)).__enter__()
    return measured


_folder = Path(os.environ["COVERAGE_DIR"])
# The process that hands the tests out to others runs none.
_measured = begin() if "PYTEST_XDIST_WORKER" in os.environ else None


def pytest_configure(config: pytest.Config) -> None:
    if _measured is None and not config.getoption("numprocesses", None):
        raise pytest.UsageError("tests.covered measures processes of the tests: give -n as well.")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _measured is not None:
        _folder.mkdir(parents=True, exist_ok=True)
        (_folder / f"{uuid4()}.json").write_text(json.dumps(_measured.get_coverage()), "utf-8")
