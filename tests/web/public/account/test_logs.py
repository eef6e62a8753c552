"""What the logs say of the pages behind mailed links: never the link."""

import io
import json
import logging

import pytest

from candide.core.logs import JsonFormatter, RequestIdFilter

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
def test_refused_link_is_in_no_line_but_the_id_of_the_answer_is(client, lines, section):
    response = client.post(f"/compte/{section}/{SECRET}/")

    assert response.status_code == 409
    assert [(line["message"], line["request_id"]) for line in lines()] == [
        (f"Conflict: /compte/{section}/…/", response["X-Request-Id"])
    ]
