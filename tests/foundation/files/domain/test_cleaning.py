"""Nothing stays that belongs to nothing, and nothing goes that belongs to somebody."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel

from candide.admissions.applications.enums import ItemStatus
from candide.foundation.files.domain import blobs
from candide.foundation.files.domain.cleaning import Cleaned, remove, remove_all, remove_orphans
from candide.foundation.files.domain.pictures import page_image
from candide.foundation.files.domain.storing import store
from candide.foundation.files.models import OriginalFile, StoredFile, StoredFileQuerySet
from candide.foundation.jobs.domain.running import run_due_jobs
from tests.factories import samples
from tests.factories.applications import DocumentVersionFactory
from tests.factories.files import OriginalFileFactory, StoredFileFactory
from tests.factories.samples import upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("sandbox_here", "reference_data_uncompared"),
]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def scratch_dir(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def contents():
    return sorted(f"{folder}/{name}" for folder in blobs.folders() for name in blobs.names(folder))


def age(path, now, old):
    moment = (now - old).timestamp()
    os.utime(path, (moment, moment))


def age_contents(now, old):
    for name in contents():
        age(default_storage.path(name), now, old)


def given(stored_file):
    """Somebody gave it as a document."""
    return DocumentVersionFactory(file=stored_file, status=ItemStatus.SUBMITTED)


@pytest.fixture
def clean(now):
    return lambda: remove_orphans(now)


committed = pytest.mark.django_db(transaction=True)


@committed
def test_file_nobody_points_at_goes_with_everything_of_it(now, clean):
    stored_file = StoredFileFactory(created_at=now - 2 * DAY)
    OriginalFileFactory(stored_file=stored_file)
    page_image(stored_file, page=1, width=200)
    assert len(contents()) == 3

    cleaned = clean()

    assert cleaned == Cleaned(rows=1)
    assert (StoredFile.objects.count(), OriginalFile.objects.count()) == (0, 0)
    assert contents() == []


def test_file_of_somebody_stays_however_old(now, clean):
    stored_file = StoredFileFactory(created_at=now - 900 * DAY)
    given(stored_file)
    page_image(stored_file, page=1, width=200)
    age_contents(now, 900 * DAY)
    before = contents()

    cleaned = clean()

    assert cleaned == Cleaned()
    assert contents() == before
    assert len(before) == 2


def test_upload_under_way_is_not_hurt(now, scratch_dir, clean):
    """Its contents are there before its row, and its row before anything points at it."""
    StoredFileFactory(created_at=now - HOUR)
    default_storage.save(blobs.blob_path(blobs.new_key()), ContentFile(b"arriving"))
    (scratch_dir / "work-abc").mkdir()
    age_contents(now, HOUR)
    age(scratch_dir / "work-abc", now, HOUR)
    before = contents()

    cleaned = clean()

    assert cleaned == Cleaned()
    assert contents() == before
    assert (scratch_dir / "work-abc").exists()


def test_content_a_crash_left_without_row_goes(now, clean):
    kept = StoredFileFactory(created_at=now)
    default_storage.save(blobs.blob_path(blobs.new_key()), ContentFile(b"left"))
    age_contents(now, 2 * DAY)

    cleaned = clean()

    assert cleaned == Cleaned(contents=1)
    assert contents() == [kept.blob]


def test_picture_a_crash_left_of_a_removed_file_goes(now, clean):
    default_storage.save(f"{blobs.blob_path(blobs.new_key())}-1-200", ContentFile(b"left"))
    age_contents(now, 2 * DAY)

    assert clean() == Cleaned(contents=1)


def test_original_that_shares_the_content_of_its_working_copy_keeps_it(now, clean):
    stored_file = store([upload(samples.pdf())], by=None)
    given(stored_file)
    age_contents(now, 2 * DAY)

    assert clean() == Cleaned()
    assert contents() == [stored_file.blob]


def test_what_a_killed_upload_left_in_the_scratch_directory_goes(now, scratch_dir, clean):
    place = scratch_dir / "work-abc"
    place.mkdir()
    (place / "0").write_bytes(b"half an upload")
    (scratch_dir / "tmp123.upload.pdf").write_bytes(b"half an upload")
    for path in scratch_dir.iterdir():
        age(path, now, 2 * DAY)

    assert clean() == Cleaned(scratch=2)
    assert list(scratch_dir.iterdir()) == []


def test_upload_that_ends_while_the_clean_up_looks_is_no_error(scratch_dir, monkeypatch, clean):
    monkeypatch.setattr(Path, "iterdir", lambda path: iter([scratch_dir / "gone"]))

    assert clean() == Cleaned()


def test_content_that_another_clean_up_took_is_not_counted(now, monkeypatch, clean):
    StoredFileFactory(created_at=now)
    monkeypatch.setattr(blobs, "names", lambda folder: ["f" * 32])

    assert clean() == Cleaned()


def test_what_others_keep_in_the_storage_is_not_touched(clean):
    default_storage.save("backups/today", ContentFile(b"precious"))

    assert clean() == Cleaned()
    assert default_storage.exists("backups/today")


def test_file_that_is_used_again_meanwhile_stays(now, monkeypatch):
    """Between looking and deleting, somebody may point at it: the database refuses."""
    stored_file = StoredFileFactory(created_at=now - 2 * DAY)
    given(stored_file)

    assert remove(stored_file) is False
    assert StoredFile.objects.filter(pk=stored_file.pk).exists()
    assert contents() == [stored_file.blob]


def test_file_the_database_alone_knows_to_be_used_stays(now, monkeypatch, clean):
    stored_file = StoredFileFactory(created_at=now - 2 * DAY)

    def refuse(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(StoredFile, "delete", refuse)

    assert clean() == Cleaned()
    assert contents() == [stored_file.blob]


@committed
def test_content_stays_if_the_removal_is_rolled_back():
    stored_file = StoredFileFactory()

    with transaction.atomic():
        remove(stored_file)
        transaction.set_rollback(True)

    assert StoredFile.objects.count() == 1
    assert contents() == [stored_file.blob]


@committed
def test_nightly_job_counts_what_it_removed(now):
    StoredFileFactory(created_at=now - 3 * DAY)
    run_due_jobs(now - DAY)  # the first look at a job makes its schedule

    runs = {run.job: run for run in run_due_jobs(now)}

    assert runs["clean-files"].counts == {"rows": 1, "contents": 0, "scratch": 0}


def test_every_room_that_points_at_files_is_seen():
    """`unreferenced` finds the foreign keys by itself, hidden ones included."""
    seen = {
        relation.related_model._meta.label
        for relation in StoredFile._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
    }

    assert seen >= {
        "applications.DocumentVersion",
        "applications.Snapshot",
        "decisions.Letter",
        "mails.Attachment",
        "requirements.DocumentRequirement",
    }


@committed
def test_many_go_together_but_for_those_somebody_gave():
    gone = [StoredFileFactory(), StoredFileFactory()]
    OriginalFileFactory(stored_file=gone[0])
    kept = StoredFileFactory()
    given(kept)

    removed = remove_all([*(file.pk for file in gone), kept.pk])

    assert removed == 2
    assert list(StoredFile.objects.all()) == [kept]
    assert contents() == [kept.blob]


def test_one_somebody_points_at_meanwhile_keeps_no_other(monkeypatch):
    """What looked free a moment ago is looked at again, one by one."""
    free, given_now = StoredFileFactory(), StoredFileFactory()
    given(given_now)
    known, looks = StoredFileQuerySet.unreferenced, []

    def unreferenced(rows):
        looks.append(rows)
        return rows.all() if len(looks) == 1 else known(rows)

    monkeypatch.setattr(StoredFileQuerySet, "unreferenced", unreferenced)

    removed = remove_all([free.pk, given_now.pk])

    assert removed == 1
    assert list(StoredFile.objects.all()) == [given_now]
