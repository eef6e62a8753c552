"""Requests are measured under the name of their view; all processes of a server together."""

import logging
import subprocess
import sys

import pytest
from django.http import HttpResponse
from django.urls import resolve

from candide.core import measuring
from candide.core.measuring import MeasuringMiddleware

TOGETHER = """
import sys
from django.conf import settings
settings.configure()
from candide.core import measuring
measuring.take_place(sys.argv[1])
measuring.requests.labels("public:home", "GET", 200).inc(int(sys.argv[2]))
measuring.durations.labels("public:home").observe(0.2)
labels = {"view": "public:home", "method": "GET", "status": "200"}
print(measuring.measured().get_sample_value("candide_http_requests_total", labels))
"""


def number(view, method, status):
    labels = {"view": view, "method": method, "status": str(status)}
    return measuring.measured().get_sample_value("candide_http_requests_total", labels) or 0


def answer(request, status):
    def view(request):
        request.resolver_match = resolve("/healthz")
        return HttpResponse(status=status)

    return MeasuringMiddleware(view)(request)


@pytest.mark.parametrize(
    ("method", "told"), [("get", "GET"), ("post", "POST"), ("propfind", "OTHER")]
)
def test_request_is_counted_under_its_view(rf, method, told):
    before = number("healthz", told, 503)

    answer(rf.generic(method.upper(), "/healthz"), 503)

    assert number("healthz", told, 503) == before + 1


def test_address_without_a_view_is_counted_together_with_others(rf):
    before = number("none", "GET", 404)

    MeasuringMiddleware(lambda request: HttpResponse(status=404))(rf.get("/alix@example.org"))

    assert number("none", "GET", 404) == before + 1


def test_line_of_a_request_names_the_view_and_not_the_address(rf, caplog):
    caplog.set_level(logging.INFO, logger="candide.requests")

    answer(rf.get("/healthz?q=alix@example.org"), 200)

    (message,) = caplog.messages
    assert message.startswith("GET healthz 200 ")
    assert message.endswith(" ms")


def test_processes_of_a_server_are_counted_together_and_successors_go_on(tmp_path, monkeypatch):
    """Two workers, and one that takes the place of the first: its file is used again."""

    def process(place, requests):
        done = subprocess.run(
            [sys.executable, "-c", TOGETHER, place, requests],
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        return float(done.stdout)

    assert process("1", "3") == 3
    assert process("2", "4") == 7
    assert process("1", "5") == 12
    monkeypatch.setenv(measuring.FOLDER, str(tmp_path))
    assert number("public:home", "GET", 200) == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "counter_1.db",
        "counter_2.db",
        "histogram_1.db",
        "histogram_2.db",
    ]
