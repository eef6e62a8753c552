"""/metrics is closed by default, tells numbers, and never who."""

import io
import json
import logging
import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from candide.core.logs import JsonFormatter, RequestIdFilter
from candide.web.monitoring import metrics as page
from tests.factories.mails import OutgoingMailFactory

pytestmark = pytest.mark.django_db

TOKEN = "t" * 30
BEARER = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def opened(settings):
    settings.METRICS_TOKEN = TOKEN


def samples(response):
    families = text_string_to_metric_families(response.content.decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_closed_address_does_not_exist(client):
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer é{TOKEN}"]
)
def test_without_the_token_it_stays_closed(client, opened, said):
    assert client.get("/metrics", headers={"authorization": said}).status_code == 403


def test_token_opens_it(client, opened):
    response = client.get("/metrics", headers=BEARER)

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("address", "status"), [("10.1.2.3", 200), ("10.2.0.1", 403), ("2001:db8::1", 200), ("", 403)]
)
def test_network_opens_it(client, settings, address, status):
    settings.METRICS_NETWORKS = ["10.1.0.0/16", "2001:db8::/32"]

    assert client.get("/metrics", REMOTE_ADDR=address).status_code == status


def test_address_a_visitor_claims_counts_for_nothing(client, settings):
    settings.METRICS_NETWORKS = ["10.1.0.0/16"]

    response = client.get(
        "/metrics", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": "10.1.2.3"}
    )

    assert response.status_code == 403


def test_empty_token_opens_nothing(client, settings):
    settings.METRICS_NETWORKS = ["10.1.0.0/16"]

    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 403


def test_requests_are_counted_by_view_and_status(client, opened, institution):
    key = ("candide_http_requests_total", ("method", "GET"), ("status", "404"), ("view", "none"))
    before = samples(client.get("/metrics", headers=BEARER)).get(key, 0)

    client.get("/quelqu-un@example.org/")
    response = client.get("/metrics", headers=BEARER)

    found = samples(response)
    assert found[key] == before + 1
    assert b"example.org" not in response.content
    timed = ("candide_http_request_duration_seconds_count", ("view", "none"))
    assert found[timed] >= 1


def test_what_waits_is_told(client, opened):
    OutgoingMailFactory(to="alix@example.org", queued_at=timezone.now() - timedelta(minutes=5))

    response = client.get("/metrics", headers=BEARER)

    found = samples(response)
    assert found["candide_mails", ("status", "queued")] == 1
    assert found["candide_oldest_mail_seconds",] >= 300
    assert found["candide_database_up",] == 1
    assert b"alix" not in response.content


def test_database_that_is_away_is_told(client, opened, monkeypatch):
    def away(**how):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(page.transaction, "atomic", away)

    found = samples(client.get("/metrics", headers=BEARER))

    assert found["candide_database_up",] == 0
    assert not any(name.startswith("candide_mails") for name, *_labels in found)
    assert any(name == "candide_http_requests_total" for name, *_labels in found)


def test_maintenance_does_not_close_it(client, opened, institution):
    institution.is_in_maintenance = True
    institution.save()

    assert client.get("/metrics", headers=BEARER).status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.fixture
def lines():
    """What the handler of an installation would write, however little is wrong."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: written.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


def test_log_of_a_request_holds_an_id_and_nothing_typed(client, institution, lines):
    """404, 403 and refusals alike: whoever reads the log learns neither name nor address."""
    typed = {"login": "alix.durand@example.org", "password": "tres-secret"}

    answers = [
        client.get("/offre/", {"q": "Alix Durand"}),
        client.get("/gestion/candidats/", {"q": "Durand"}),
        client.post("/compte/connexion/", typed),
        client.get("/rien/", {"q": "Durand"}),
        client.get("/metrics", headers={"authorization": "Bearer tres-secret"}),
    ]

    assert not re.search(r"(?i)alix|durand|example\.org|secret", "\n".join(lines()))
    told = {json.loads(line)["request_id"] for line in lines()}
    assert told == {answer["X-Request-Id"] for answer in answers}
