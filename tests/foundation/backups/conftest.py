from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from candide.foundation.backups.domain.backing_up import back_up
from candide.foundation.backups.domain.manifest import Manifest
from tests.factories.accounts import UserFactory
from tests.factories.files import OriginalFileFactory, StoredFileFactory


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where the backup goes; nothing is there yet."""
    return tmp_path / "backup"


@pytest.fixture
def filled() -> None:
    """An installation with somebody in it, and a document with what it was made of."""
    UserFactory(email="alix@example.org")
    OriginalFileFactory(stored_file=StoredFileFactory(name="diplome.pdf"))


@pytest.fixture
def backup(filled: None, place: Path, now: datetime) -> Manifest:
    return back_up(place, now=now)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many others are connected to the database."""

    def set_number(number: int) -> None:
        monkeypatch.setattr(
            "candide.foundation.backups.domain.databases.others_connected", lambda: number
        )

    return set_number
