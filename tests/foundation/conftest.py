import io
import json

import pytest

from candide.core import confined, sandbox


@pytest.fixture
def sandbox_here(monkeypatch):
    """The work on files done in this process: quick, and seen by the coverage. What needs the
    real process (its bounds) does without this fixture."""

    def run(module, request, *, bounds=None):
        out = io.StringIO()
        confined.obey(json.loads(json.dumps({"module": module, "request": request})), out)
        return sandbox._outcome(out.getvalue(), sandbox.Failure.CRASH)

    monkeypatch.setattr(sandbox, "run", run)
