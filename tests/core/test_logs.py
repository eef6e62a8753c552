import json
import logging
import sys

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


def test_a_line_tells_the_exception():
    try:
        raise KeyError("émile")
    except KeyError:
        failed = record(exc_info=sys.exc_info())

    line = json.loads(JsonFormatter().format(failed))

    assert line["exception"].splitlines()[-1] == "KeyError: 'émile'"


def test_a_request_has_one_id_in_logs_and_answer(rf):
    seen = record()

    def view(request):
        assert RequestIdFilter().filter(seen) is True
        return HttpResponse()

    response = RequestIdMiddleware(view)(rf.get("/"))

    assert seen.request_id == response["X-Request-Id"]
    assert len(seen.request_id) == 12
    assert current_request_id.get() == "-"
