"""Contents are there before anything speaks of them, and nothing else is taken for one."""

import os

import pytest
from django.core.files.storage import Storage

from candide.foundation.files.domain import blobs


@pytest.fixture
def content(tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"hello")
    return path


def test_content_is_on_the_disk_before_anything_speaks_of_it(content, monkeypatch, files_dir):
    """The file, its folder and the folder's folder: all three survive a power cut or none."""
    synced = []

    def note(descriptor):
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))

    monkeypatch.setattr(os, "fsync", note)
    key = blobs.new_key()

    blobs.write_blob(key, content)

    place = files_dir / key[:2] / key
    assert synced == [str(place), str(place.parent), str(files_dir)]
    assert place.stat().st_mode & 0o077 == 0
    assert files_dir.stat().st_mode & 0o077 == 0
    with blobs.read_blob(key) as file:
        assert file.read() == b"hello"


def test_remote_storage_has_it_once_it_answered(content, monkeypatch):
    class Remote(Storage):
        """It has no paths, as none that is elsewhere."""

        def __init__(self):
            self.kept = {}

        def exists(self, name):
            return name in self.kept

        def _save(self, name, content):
            self.kept[name] = content.read()
            return name

    remote = Remote()
    monkeypatch.setattr(blobs, "default_storage", remote)
    key = blobs.new_key()

    blobs.write_blob(key, content)

    assert remote.kept == {f"{key[:2]}/{key}": b"hello"}


def test_deleting_twice_is_no_error(content):
    key = blobs.new_key()
    blobs.write_blob(key, content)

    blobs.delete_blob(key)
    blobs.delete_blob(key)

    assert blobs.names(key[:2]) == []


def test_deleting_one_leaves_its_neighbours(content):
    kept, deleted = ("ab" + blobs.new_key()[2:] for _ in range(2))
    blobs.write_blob(kept, content)
    blobs.write_blob(deleted, content)

    blobs.delete_blob(deleted)

    assert blobs.names("ab") == [kept]


def test_nothing_was_ever_stored():
    assert blobs.folders() == []
    assert blobs.names("ab") == []


def test_keys_tell_nothing():
    keys = {blobs.new_key() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {blobs.KEY_LENGTH}
