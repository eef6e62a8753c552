"""What the logs say of the pages behind mailed links: never the link."""

import io
import json
import logging
import re

import pytest
from django.urls import reverse

from candide.core.logs import JsonFormatter, RequestIdFilter
from tests.architecture.sources import ROOT

SECRET = "pW3h-Zc0kqYl_7uTn2dRf5vB8xJ1aGmEo4sQi6KtLw9"


@pytest.fixture
def lines():
    """The lines written meanwhile, as an installation writes them."""
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(JsonFormatter())
    handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in handler.stream.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.mark.parametrize("section", ["activation", "mot-de-passe", "adresse-mail"])
def test_mangled_link_is_in_no_line_but_the_id_of_the_answer_is(client, lines, section):
    response = client.get(f"/compte/{section}/{SECRET}/plus-loin/")

    assert response.status_code == 404
    assert [(line["message"], line["request_id"]) for line in lines()] == [
        (f"Not Found: /compte/{section}/…/plus-loin/", response["X-Request-Id"])
    ]


@pytest.mark.parametrize("section", ["activation", "mot-de-passe", "adresse-mail"])
def test_link_that_is_refused_with_its_reason_is_in_no_line(client, lines, section):
    response = client.post(f"/compte/{section}/{SECRET}/")

    assert response.status_code == 409
    assert lines() == []


@pytest.mark.parametrize(
    "name", ["account_activate", "account_choose_password", "account_validate_email"]
)
def test_proxy_of_an_installation_writes_no_line_of_them(name):
    conf = (ROOT / "deploy/nginx.conf").read_text()
    unlogged = re.search(r"map \$uri \$is_logged \{\s+~(\S+) 0;", conf)[1]

    assert re.match(unlogged, reverse(name, args=[SECRET]))
    assert not re.match(unlogged, reverse("account_resend"))
    assert "if=$is_logged;" in conf
