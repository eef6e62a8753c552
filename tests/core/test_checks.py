from pathlib import Path
from types import SimpleNamespace

import pytest

from candide.core import checks


@pytest.mark.parametrize(
    ("vendor", "version", "ids"),
    [
        ("sqlite", (3, 40, 1), ["candide.E001"]),
        ("sqlite", (3, 51, 3), []),
        ("sqlite", (3, 52, 0), []),
        ("postgresql", None, []),
    ],
)
def test_sqlite_older_than_the_mended_one_is_refused(monkeypatch, vendor, version, ids):
    connection = SimpleNamespace(
        vendor=vendor, Database=SimpleNamespace(sqlite_version_info=version)
    )
    monkeypatch.setattr(checks, "connections", {"default": connection})

    found = checks.check_sqlite_version(databases=["default"])

    assert [error.id for error in found] == ids


def test_no_database_asked_for_none_checked():
    assert checks.check_sqlite_version(databases=None) == []


def test_data_directory_that_can_be_written(settings, tmp_path):
    settings.DATA_DIR = tmp_path

    assert checks.check_data_directory() == []


def test_data_directory_that_does_not_exist(settings, tmp_path):
    settings.DATA_DIR = Path(tmp_path / "nowhere")

    assert [error.id for error in checks.check_data_directory()] == ["candide.E002"]


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("ne-pas-repondre@candide.invalid", ["candide.W001"]),
        ("candidatures@example.org", []),
    ],
)
def test_sender_of_mails(settings, address, ids):
    settings.DEFAULT_FROM_EMAIL = address

    assert [warning.id for warning in checks.check_sender()] == ids
