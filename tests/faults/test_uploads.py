"""kill -9 while files are taken in: whatever was confirmed is there, byte for byte, and of the rest
nothing stays once the clean-up has run."""

import hashlib
import random
from datetime import timedelta

import pytest
from django.utils import timezone

from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.cleaning import remove_orphans
from candide.foundation.files.models import StoredFile
from tests.factories import samples
from tests.faults.installation import wait_until

KILLS = 3
KILLS_OF_A_SOAK = 100

# What a server does, without HTTP: it confirms a file by a line only after `store` returned.
GIVE = """
from pathlib import Path
from django.core.files.uploadedfile import SimpleUploadedFile
from candide.foundation.files.domain.storing import store
photo, page = (Path({folder!r}, name).read_bytes() for name in ("photo", "page"))
while True:
    uploads = [SimpleUploadedFile("a.jpg", photo), SimpleUploadedFile("b.pdf", page)]
    print("confirmed", store(uploads, by=None).pk, flush=True)
    print("confirmed", store(uploads[1:], by=None).pk, flush=True)
"""


def confirmed(process):
    lines = process.said().splitlines()
    return [int(line.split()[1]) for line in lines if line.startswith("confirmed ")]


def kill_while_storing(installation, folder):
    """kill -9 at a random moment after a few files; the ids of those that were confirmed."""
    process = installation.start("shell", "-v", "0", "-c", GIVE.format(folder=str(folder)))
    wanted = random.randint(1, 3)  # noqa: S311 -- no secret
    wait_until(lambda: len(confirmed(process)) >= wanted, f"files stored: {process.said()}")
    wait_until(lambda: random.random() < 0.2, "a random moment")  # noqa: S311 -- no secret
    process.kill()
    return confirmed(process)


def store_through_kills(installation, folder, kills):
    (folder / "photo").write_bytes(samples.photo())
    (folder / "page").write_bytes(samples.pdf())
    return [pk for _ in range(kills) for pk in kill_while_storing(installation, folder)]


def assert_nothing_was_lost_and_nothing_stays(promised, folder):
    assert len(promised) == len(set(promised))
    for stored_file in StoredFile.objects.filter(pk__in=promised):
        with blobs.open_file(stored_file) as content:
            assert hashlib.sha256(content.read()).hexdigest() == stored_file.sha256
        for original in stored_file.originals.all():
            with blobs.open_original(original) as content:
                assert hashlib.sha256(content.read()).hexdigest() == original.sha256
    assert StoredFile.objects.filter(pk__in=promised).count() == len(promised)

    remove_orphans(timezone.now() + timedelta(days=2))

    assert StoredFile.objects.count() == 0
    assert [name for folder in blobs.folders() for name in blobs.names(folder)] == []
    assert list((folder / "scratch").iterdir()) == []


@pytest.fixture
def their_files(settings, tmp_path):
    """The files of the deployment that is killed are those this process looks at."""
    storages = {name: dict(storage) for name, storage in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = {
        **storages["default"]["OPTIONS"],
        "location": str(tmp_path / "files"),
    }
    settings.STORAGES = storages
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "scratch"
    return tmp_path


def test_killed_upload_loses_nothing_confirmed_and_leaves_nothing_else(installation, their_files):
    promised = store_through_kills(installation, their_files, KILLS)

    with installation.database():
        assert_nothing_was_lost_and_nothing_stays(promised, their_files)


@pytest.mark.soak
def test_upload_killed_a_hundred_times(installation, their_files):
    promised = store_through_kills(installation, their_files, KILLS_OF_A_SOAK)

    with installation.database():
        assert_nothing_was_lost_and_nothing_stays(promised, their_files)
