import pytest

from candide.foundation.files.domain import scanning, storing
from tests.fakes import FakeAntivirus


@pytest.fixture
def scanner(monkeypatch):
    """The deployment has an antivirus, which answers."""
    fake = FakeAntivirus()
    monkeypatch.setattr(scanning, "antivirus", lambda: fake)
    monkeypatch.setattr(storing, "antivirus", lambda: fake)
    return fake
