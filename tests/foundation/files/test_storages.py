"""What every storage of files keeps to: a directory as an object storage."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.cleaning import Cleaned, remove, remove_orphans
from candide.foundation.files.domain.consistency import check_content
from candide.foundation.files.domain.pictures import page_image
from candide.foundation.files.domain.storing import store
from candide.web.shared.downloads import serve
from tests import object_storage
from tests.factories import samples
from tests.factories.files import StoredFileFactory
from tests.factories.samples import upload

CONTENT = bytes(range(256)) * 5_000  # more than one piece


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with object_storage.running() as host:
        yield host


@pytest.fixture(params=["directory", "objects"], autouse=True)
def kind(request: Any, settings: Any, tmp_path: Path) -> str:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    if request.param != "directory":
        address = object_storage.new_bucket(request.getfixturevalue("host"))
        settings.STORAGES = object_storage.storages(settings, address)
    return request.param


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Of a content that is kept."""
    path = tmp_path / "content"
    path.write_bytes(CONTENT)
    key = blobs.new_key()
    blobs.write_blob(key, path)
    path.unlink()
    return key


def test_content_comes_back_whole(key):
    with blobs.read_blob(key) as file:
        assert file.size == len(CONTENT)
        assert b"".join(file.chunks()) == CONTENT


def test_content_is_read_from_where_one_wants(key):
    with blobs.read_blob(key) as file:
        file.seek(1_100_000)
        assert file.read(10) == CONTENT[1_100_000:1_100_010]
        file.seek(-7, 2)
        assert file.read() == CONTENT[-7:]
        assert file.read(1) == b""
        file.seek(0)
        assert (file.read(3), file.tell()) == (CONTENT[:3], 3)
        file.seek(2, 1)
        assert file.read(2) == CONTENT[5:7]


def test_what_is_not_there_is_not_found():
    with pytest.raises(FileNotFoundError):
        blobs.read_blob(blobs.new_key())

    assert blobs.delete_older("ab/" + blobs.new_key(), timezone.now()) is False


def test_contents_are_listed_and_deleted_with_their_pictures(key):
    folder = key[:2]
    blobs.default_storage.save(f"{folder}/{key}-1-480", blobs.ContentFile(b"picture"))
    assert blobs.folders() == [folder]
    assert blobs.names(folder) == [key, f"{key}-1-480"]

    blobs.delete_blob(key)
    blobs.delete_blob(key)

    assert blobs.names(folder) == []
    assert default_storage.exists(f"{folder}/{key}") is False


def test_nothing_was_ever_kept():
    assert blobs.folders() == []
    assert blobs.names("ab") == []


def test_storage_is_tried_without_a_trace():
    blobs.try_storage()

    assert [name for folder in blobs.folders() for name in blobs.names(folder)] == []


@pytest.mark.django_db
def test_orphans_go_once_they_are_old(key):
    now = timezone.now()
    unused = StoredFileFactory(created_at=now)

    assert remove_orphans(now) == Cleaned()
    assert remove_orphans(now + timedelta(hours=25)) == Cleaned(rows=1, contents=2)

    assert blobs.names(key[:2]) == []
    assert blobs.names(unused.key[:2]) == []


@pytest.mark.django_db
def test_missing_content_is_found(django_capture_on_commit_callbacks):
    kept, lost, removed = (StoredFileFactory() for _ in range(3))
    blobs.delete_blob(lost.key)
    with django_capture_on_commit_callbacks(execute=True):
        assert remove(removed) is True

    now = timezone.now()
    assert [check_content(each.pk, now=now) for each in (kept, lost)] == [True, False]
    assert default_storage.exists(removed.blob) is False


@pytest.mark.django_db
@pytest.mark.usefixtures("sandbox_here")
def test_upload_is_kept_and_its_pages_are_shown():
    stored = store([upload(samples.pdf(pages=2))], by=None)

    drawn = page_image(stored, page=2, width=200)

    assert page_image(stored, page=2, width=200) == drawn
    with blobs.open_file(stored) as file:
        assert file.read(5) == b"%PDF-"
    assert len(blobs.names(stored.key[:2])) == 3 - (stored.originals.get().key == stored.key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("", 200, slice(None)),
        ("bytes=0-9", 206, slice(10)),
        ("bytes=1200000-1200009", 206, slice(1_200_000, 1_200_010)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=9999999-", 416, slice(0)),
    ],
)
def test_file_is_served_whole_or_in_parts(rf, asked, status, part):
    stored = StoredFileFactory(content=CONTENT)

    response = serve(rf.get("/", headers={"range": asked}), stored, as_attachment=False)

    read = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    assert (response.status_code, read) == (status, CONTENT[part])


def test_nginx_finds_the_content(key, kind, host, files_dir):
    """Of an object storage with a signature for a minute, which nobody but nginx gets to see."""
    path = blobs.path_for_nginx(f"{key[:2]}/{key}")

    if kind == "directory":
        assert (files_dir / path).read_bytes() == CONTENT
        return
    assert "X-Amz-Expires=60" in path
    answer = httpx.get(f"http://{host}/{path}", headers={"Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (206, CONTENT[5:10])


def test_object_is_nobodys_but_the_owners(key, kind, host):
    if kind == "directory":
        pytest.skip("its permissions are tested with the contents")
    name = default_storage._normalize_name(f"{key[:2]}/{key}")
    found = object_storage.client(host).get_object_acl(Bucket=default_storage.bucket_name, Key=name)
    assert [grant["Permission"] for grant in found["Grants"]] == ["FULL_CONTROL"]
    assert found["Grants"][0]["Grantee"]["Type"] == "CanonicalUser"


@pytest.mark.parametrize("kind", ["objects"], indirect=True)
def test_installations_share_a_bucket_each_in_its_folder(settings, host, tmp_path):
    path = tmp_path / "content"
    path.write_bytes(b"hello")
    address = object_storage.new_bucket(host)
    key = blobs.new_key()

    for folder in ("of/2027", "of/2028"):
        settings.STORAGES = object_storage.storages(settings, f"{address}/{folder}")
        assert blobs.folders() == []
        blobs.write_blob(key, path)
        assert blobs.names(key[:2]) == [key]
