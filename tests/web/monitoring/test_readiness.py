"""/readyz: whether a balancer should send candidates here."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from candide.foundation.files.domain import blobs
from tests.factories.jobs import WorkerBeatFactory

pytestmark = pytest.mark.django_db

WELL = {"database": "ok", "migrations": "ok", "storage": "ok", "worker": "ok"}


@pytest.fixture
def _worker():
    WorkerBeatFactory(seen_at=timezone.now())


@pytest.mark.usefixtures("_worker")
def test_ready_when_all_is_well(client, files_dir):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": WELL}
    assert "no-store" in response["Cache-Control"]
    assert [path for path in files_dir.rglob("*") if path.is_file()] == []


def test_missing_worker_is_told_but_sends_nobody_away(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["checks"] == {**WELL, "worker": "no sign of life for two minutes"}


@pytest.mark.usefixtures("_worker")
def test_not_ready_before_the_migrations(client):
    last = MigrationRecorder.Migration.objects.filter(app="mails").order_by("pk").last()
    last.delete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "checks": {**WELL, "migrations": f"missing: mails.{last.name}"},
    }


@pytest.mark.usefixtures("_worker")
def test_ready_while_the_next_version_migrates(client):
    MigrationRecorder(connection).record_applied("mails", "9999_of_the_next_version")

    assert client.get("/readyz").json()["checks"] == WELL


@pytest.mark.usefixtures("_worker")
def test_not_ready_when_files_cannot_be_written(client, monkeypatch):
    def refuse(*_arguments, **_more):
        raise PermissionError("/var/lib/candide/files/secret-name")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["storage"].startswith("PermissionError at ")
    assert "secret-name" not in response.content.decode()


def test_storage_is_tried_once_in_a_while_whoever_asks(client, monkeypatch):
    keys = []
    monkeypatch.setattr(blobs, "new_key", lambda: keys.append("k") or f"{len(keys):032}")

    for _turn in range(3):
        client.get("/readyz")

    assert len(keys) == 1


def test_not_ready_without_a_database(client, monkeypatch):
    def away(*_arguments):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(connection, "cursor", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["database"].startswith("OperationalError at ")


def test_storage_that_gives_back_something_else_is_not_well(monkeypatch):
    monkeypatch.setattr(FileSystemStorage, "_open", lambda *_: Twisted())

    with pytest.raises(OSError, match="not what was written"):
        blobs.try_storage()


class Twisted:
    def read(self):
        return b"something else"

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None
