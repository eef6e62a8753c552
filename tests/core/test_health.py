import pytest
from django.db import OperationalError, connection


@pytest.mark.django_db
def test_healthz_is_public_and_never_cached(client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_healthz_fails_when_the_database_is_away(client, monkeypatch):
    def away():
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(connection, "cursor", away)

    with pytest.raises(OperationalError):
        client.get("/healthz")


def test_healthz_is_only_read(client):
    assert client.post("/healthz").status_code == 405
