"""A restoration is rehearsed here, on both databases, with files."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections

from candide.core.blockers import Refused
from candide.foundation.backups.domain import databases, manifest
from candide.foundation.backups.domain.backing_up import back_up
from candide.foundation.backups.domain.restoring import (
    restore,
    restoring_blockers,
    restoring_warnings,
)
from candide.foundation.files.domain import blobs
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.institution.accounts.models import User
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests import object_storage
from tests.factories.accounts import UserFactory
from tests.factories.files import StoredFileFactory
from tests.factories.jobs import WorkerBeatFactory
from tests.factories.mails import OutgoingMailFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_else(alone):
    alone(0)


def sums_of_contents():
    found = {}
    for row in (*StoredFile.objects.all(), *OriginalFile.objects.all()):
        with default_storage.open(row.blob) as content:
            found[row.key] = hashlib.sha256(content.read()).hexdigest() == row.sha256
    return found


def spoil(place):
    """Everything of the installation is other than when the backup was made."""
    StoredFile.objects.all().delete()
    User.objects.update(email="somebody.else@example.org")
    UserFactory()
    for folder in blobs.folders():
        for name in blobs.names(folder):
            default_storage.delete(f"{folder}/{name}")


def test_backup_is_put_back_in_place_of_what_is_there(backup, place, now):
    before = sums_of_contents()
    spoil(place)
    stray = StoredFileFactory()

    restored = restore(place, now=now, replace=True)

    assert restored.files == 2
    assert User.objects.get().email == "alix@example.org"
    assert sums_of_contents() == before == dict.fromkeys(before, True)
    assert not StoredFile.objects.filter(key=stray.key).exists()
    new = StoredFileFactory()  # keys go on where they were
    assert new.pk not in (None, StoredFile.objects.exclude(pk=new.pk).get().pk)


def test_repeating_it_writes_only_what_was_cut_short(backup, place, now):
    spoil(place)
    restore(place, now=now, replace=True)
    cut = StoredFile.objects.get()
    default_storage.delete(cut.blob)
    default_storage.save(cut.blob, blobs.ContentFile(b"%PDF"))

    assert restore(place, now=now, replace=True).files == 1

    assert set(sums_of_contents().values()) == {True}


def test_mails_that_waited_go_to_nobody_a_second_time(place, now):
    OutgoingMailFactory()
    OutgoingMailFactory(sending=True, secret=True, text="https://univ.test/lien")
    OutgoingMailFactory(sent=True)
    back_up(place, now=now)
    OutgoingMail.objects.all().delete()

    restored = restore(place, now=now, replace=True)

    assert [number for number, _told in restored.settled] == [2, 0]  # and no webhook calls
    mails = {mail.status: mail for mail in OutgoingMail.objects.order_by("pk")}
    assert set(mails) == {MailStatus.FAILED, MailStatus.SENT}
    assert "sauvegarde" in mails[MailStatus.FAILED].last_error
    assert OutgoingMail.objects.get(is_secret=True).text == ""


def test_filled_installation_is_left_alone(backup, place, now):
    StoredFile.objects.all().delete()

    with pytest.raises(Refused) as refusal:
        restore(place, now=now)

    assert refusal.value.codes == ["filled"]
    assert not StoredFile.objects.exists()


def test_files_alone_fill_an_installation(backup, place, now):
    User.objects.all().delete()

    assert codes(place, now) == ["filled"]


def codes(place, now, *, replace=False):
    return [each.code for each in restoring_blockers(place, now=now, replace=replace)]


def test_empty_installation_is_filled_without_a_word(backup, place, now):
    spoil(place)
    User.objects.all().delete()

    assert restore(place, now=now).files == 2


def test_damaged_backup_is_refused_before_anything_is_touched(backup, place, now):
    first = next(iter((place / "files").rglob("*/*")))
    first.write_bytes(b"something else")
    name = str(first.relative_to(place))

    (found,) = restoring_blockers(place, now=now, replace=True)

    assert (found.code, found.message) == ("damaged", f"It is damaged: {name}.")
    first.unlink()
    assert codes(place, now, replace=True) == ["damaged"]


def test_sums_that_were_changed_are_noticed(backup, place, now):
    with (place / manifest.SUMS).open("a") as sums:
        sums.write("0000  files/ab/ab\n")

    assert manifest.damaged(place, backup) == ["SHA256SUMS"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"format": 2}, ["unreadable"]),
        ({"format": 1, "more": 1}, ["unreadable"]),
        ({"database": "oracle"}, ["other_database"]),
        ({"migrations": [f"mails.900{n}_new" for n in range(7)]}, ["newer"]),
    ],
)
def test_backup_of_something_else_is_refused(backup, place, now, changes, expected):
    said = manifest.json.loads((place / manifest.MANIFEST).read_text())
    (place / manifest.MANIFEST).write_text(manifest.json.dumps({**said, **changes}))

    assert codes(place, now, replace=True) == expected


def test_long_lists_are_told_in_short(backup, place, now):
    said = manifest.json.loads((place / manifest.MANIFEST).read_text())
    said["migrations"] = [f"mails.900{n}" for n in range(7)]
    (place / manifest.MANIFEST).write_text(manifest.json.dumps(said))

    (found,) = restoring_blockers(place, now=now, replace=True)

    assert found.message.endswith("mails.9003, mails.9004 and 2 more.")


def test_no_backup_is_refused(tmp_path, now):
    assert codes(tmp_path, now, replace=True) == ["unreadable"]


def test_working_installation_is_left_alone(backup, place, now, alone):
    alone(2)
    assert codes(place, now, replace=True) == ["at_work"]

    alone(0)
    WorkerBeatFactory(seen_at=now)
    assert codes(place, now, replace=True) == ["at_work"]
    assert codes(place, now + timedelta(minutes=3), replace=True) == []


def test_other_secret_key_is_told(backup, place, settings):
    assert restoring_warnings(place) == []

    settings.SECRET_KEY = "another"

    assert [each.code for each in restoring_warnings(place)] == ["other_key"]


def test_database_that_cannot_be_put_back_stays_as_it_is(backup, place, now, tmp_path):
    """What the sums do not show: a dump that was bad already."""
    User.objects.update(email="somebody.else@example.org")
    bad = tmp_path / "bad"
    content = (place / manifest.DATABASE).read_bytes()
    bad.write_bytes(content[: len(content) // 2])

    with pytest.raises((databases.Failed, connection.Database.DatabaseError)):
        databases.load(bad)

    connection.close()
    assert User.objects.get().email == "somebody.else@example.org"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows")
def test_sqlite_knows_of_nobody_else(monkeypatch):
    monkeypatch.undo()
    assert databases.others_connected() == 0


@pytest.mark.postgresql
def test_postgresql_is_dumped_loaded_and_asked_who_is_there(filled, tmp_path, now, monkeypatch):
    monkeypatch.undo()
    databases.dump(tmp_path / "dump")
    User.objects.all().delete()
    assert databases.others_connected() == 0
    other = connections.create_connection("default")
    other.ensure_connection()
    assert databases.others_connected() == 1
    other.close()

    databases.load(tmp_path / "dump")

    assert User.objects.get().email == "alix@example.org"
    (tmp_path / "bad").write_bytes((tmp_path / "dump").read_bytes()[:5000])
    with pytest.raises(databases.Failed, match="pg_restore"):
        databases.load(tmp_path / "bad")
    assert User.objects.get().email == "alix@example.org"
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    with pytest.raises(databases.Failed, match="no_such_database"):
        databases.dump(tmp_path / "second")


def test_files_move_into_an_object_storage(backup, place, now, settings):
    """A backup is also the way from one storage to another."""
    before = sums_of_contents()
    with object_storage.running() as host:
        address = object_storage.new_bucket(host)
        settings.STORAGES = object_storage.storages(settings, address)

        assert restore(place, now=now, replace=True).files == 2

        assert sums_of_contents() == before
        assert back_up(place.with_name("second"), now=now).files == 2


def test_command(backup, place, capsys, settings):
    call_command("restore", str(place), check=True)
    assert capsys.readouterr().out == "the backup is whole and can be put back\n"

    settings.SECRET_KEY = "another"
    call_command("restore", str(place), replace=True)

    said = capsys.readouterr()
    assert said.out.splitlines()[1:] == [
        "0 of 2 files were not there",
        "0 mails that waited are held in the outbox, for staff to send again or not",
        "0 webhook calls that waited are given up, for administrators to make again or not",
        "now: candide prepare, and then the services",
    ]
    assert "second factors" in said.err
    with pytest.raises(CommandError, match="--replace puts"):
        call_command("restore", str(place))


def test_commands_say_what_the_programs_of_the_database_said(place, backup, monkeypatch):
    def fail(_path):
        raise databases.Failed("pg_dump: no route to host")

    monkeypatch.setattr(databases, "dump", fail)
    monkeypatch.setattr(databases, "load", fail)

    with pytest.raises(CommandError, match="no route to host"):
        call_command("backup", f"{place}-2")
    with pytest.raises(CommandError, match="no route to host"):
        call_command("restore", str(place), replace=True)
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(place))
