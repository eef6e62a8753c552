"""A backup is there once it is whole; it holds what must come back and nothing that must not."""

import json
import subprocess
from contextlib import closing

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from candide.core.blockers import Refused
from candide.foundation.backups.domain import backing_up, databases, manifest
from candide.foundation.backups.domain.backing_up import back_up
from candide.foundation.files.domain import blobs
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.institution.accounts.models import Visit
from tests.factories.files import StoredFileFactory

pytestmark = pytest.mark.django_db(transaction=True)


def contents():
    return {*StoredFile.objects.values_list("key", flat=True)}.union(
        OriginalFile.objects.values_list("key", flat=True)
    )


def test_backup_says_what_it_is(backup, place, now):
    said = json.loads((place / "manifest.json").read_text())

    assert said["format"] == 1
    assert said["made_at"] == now.isoformat()
    assert said["database"] == connection.vendor
    assert said["files"] == len(contents()) == 2
    assert "mails.0001_initial" in said["migrations"]
    assert manifest.read(place) == backup
    assert place.stat().st_mode & 0o077 == 0


def test_its_sums_are_those_sha256sum_reads(backup, place):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],  # noqa: S607 -- found where it is
        cwd=place,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 3


def test_pictures_of_pages_are_left_out(filled, place, now):
    kept = StoredFile.objects.get()
    default_storage.save(f"{kept.blob}-1-480", ContentFile(b"picture"))

    back_up(place, now=now)

    copied = {path.name for path in (place / "files").rglob("*") if path.is_file()}
    assert copied == contents()


def test_content_destroyed_meanwhile_is_left_out(filled, place, now, monkeypatch):
    lost = StoredFileFactory()
    read = blobs.read_blob

    def read_unless_lost(key):
        if key == lost.key:
            raise FileNotFoundError(key)
        return read(key)

    monkeypatch.setattr(backing_up.blobs, "read_blob", read_unless_lost)

    made = back_up(place, now=now)

    assert made.files == 2
    assert manifest.damaged(place, made) == []


def test_what_an_older_backup_has_takes_no_room_again(backup, place, now):
    new = StoredFileFactory()
    second = place.with_name("second")

    made = back_up(second, now=now, previous=place)

    assert made.files == 3
    assert manifest.damaged(second, made) == []
    shared = {path.name: path.stat().st_nlink for path in (second / "files").rglob("*/*")}
    assert shared == {key: 1 if key == new.key else 2 for key in contents()}


def test_older_backup_on_another_disk_is_copied(backup, place, now, monkeypatch):
    def refuse(*_names):
        raise OSError("Invalid cross-device link")

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    second = place.with_name("second")

    made = back_up(second, now=now, previous=place)

    assert manifest.damaged(second, made) == []
    assert {path.stat().st_nlink for path in (second / "files").rglob("*/*")} == {1}


def test_where_no_backup_can_be_made(place, now):
    place.mkdir()
    place.with_name("backup.unfinished").mkdir()

    with pytest.raises(Refused) as refusal:
        back_up(place, now=now, previous=place)

    assert refusal.value.codes == ["exists", "cut_short", "no_previous"]
    with pytest.raises(Refused) as refusal:
        back_up(place / "nowhere" / "backup", now=now)
    assert refusal.value.codes == ["no_place"]


def test_backup_that_failed_is_none(place, now, monkeypatch):
    def fail(path):
        raise databases.Failed("pg_dump: the server closed the connection")

    monkeypatch.setattr(databases, "dump", fail)

    with pytest.raises(databases.Failed):
        back_up(place, now=now)

    assert not place.exists()


def test_nobody_stays_signed_in_through_a_backup(client, place, now, django_user_model):
    client.force_login(django_user_model.objects.create(email="alix@example.org"))
    assert Visit.objects.exists()

    back_up(place, now=now)

    if connection.vendor == "sqlite":
        with closing(connection.Database.connect(str(place / "database"))) as copy:
            assert copy.execute("SELECT count(*) FROM accounts_visit").fetchone() == (0,)
            assert copy.execute("SELECT count(*) FROM accounts_user").fetchone() == (1,)
    else:
        order = ["pg_restore", "--data-only", "--file=-", str(place / "database")]
        said = subprocess.run(order, capture_output=True, text=True, check=True).stdout
        assert "COPY public.accounts_user " in said
        assert "accounts_visit" not in said


def test_command(filled, place, capsys):
    call_command("backup", str(place))

    assert capsys.readouterr().out == f"the database and 2 files are in {place}\n"
