import json
import logging
import secrets
import sys

import pytest
from django.http import HttpResponse

from candide.core.logs import JsonFormatter, RequestIdFilter
from candide.core.middleware import RequestIdMiddleware, current_request_id


def record(**more):
    made = logging.LogRecord("candide.files", logging.ERROR, "f.py", 1, "file %s", (12,), None)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_a_line_is_one_json_object():
    line = json.loads(JsonFormatter().format(record(created=1_800_000_000.0)))

    assert line == {
        "at": "2027-01-15T08:00:00.000+00:00",
        "level": "ERROR",
        "logger": "candide.files",
        "request_id": "-",
        "message": "file 12",
    }


def test_a_line_tells_what_failed_and_where_but_not_in_which_words():
    """PostgreSQL, say, quotes the row it refuses."""
    try:
        raise ValueError("Key (email)=(alix@example.org) already exists.")
    except ValueError:
        failed = record(exc_info=sys.exc_info())

    line = json.loads(JsonFormatter().format(failed))

    assert line["exception"].startswith("ValueError at tests/core/test_logs.py:")
    assert "in test_a_line_tells_what_failed" in line["exception"]
    assert "alix" not in str(line)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/mot-de-passe/{}/", "/mot-de-passe/…/"),
        ("/mot-de-passe/{}/.", "/mot-de-passe/…/."),  # as mail readers take links apart
        ("/mot-de-passe/=3D{}", "/mot-de-passe/=…"),
        ("/mot-de-passe/", "/mot-de-passe/"),
        ("/offre/licence-professionnelle-metiers-du-notariat-2027/",) * 2,
    ],
)
def test_a_line_holds_no_mailed_link(path, written):
    for _turn in range(20):
        asked = record(msg="Not Found: %s", args=(path.format(secrets.token_urlsafe(32)),))

        line = json.loads(JsonFormatter().format(asked))

        assert line["message"] == f"Not Found: {written}"


def test_a_request_has_one_id_in_logs_and_answer(rf):
    seen = record()

    def view(request):
        assert RequestIdFilter().filter(seen) is True
        return HttpResponse()

    response = RequestIdMiddleware(view)(rf.get("/"))

    assert seen.request_id == response["X-Request-Id"]
    assert len(seen.request_id) == 12
    assert current_request_id.get() == "-"


def test_line_that_is_written_after_the_request_has_its_id_too(rf):
    """Django writes of an answer of 400 or more once the middleware is done."""
    request = rf.get("/")
    response = RequestIdMiddleware(lambda request: HttpResponse(status=404))(request)
    seen = record(request=request)

    RequestIdFilter().filter(seen)

    assert seen.request_id == response["X-Request-Id"]


@pytest.mark.parametrize(
    ("status", "is_written"), [(409, False), (422, False), (403, True), (404, True), (500, True)]
)
def test_refusals_said_to_the_person_are_not_logged(status, is_written):
    filters = logging.getLogger("django.request").filters

    assert all(one.filter(record(status_code=status)) for one in filters) is is_written
    assert filters
