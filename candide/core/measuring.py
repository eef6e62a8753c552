"""Requests counted and timed for Prometheus, and told once for all processes of a web server.

Several processes of one machine write into files of one folder (`prometheus_client`'s multi-process
mode). Their names are of a worker's place, not of its process: a worker that takes the place of
another one goes on from its numbers, so files do not multiply as workers come and go."""

import logging
import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
NO_VIEW = "none"

logger = logging.getLogger("candide.requests")

_place = "main"


def take_place(name: str) -> None:
    """This process is the worker `name` from now on; no two that live have the same."""
    global _place
    _place = name


if FOLDER in os.environ:  # pragma: no cover -- only in the processes of a web server
    values.ValueClass = values.MultiProcessValue(lambda: _place)

_own = CollectorRegistry()
requests = Counter(
    "candide_http_requests",
    "Requests answered, by view, method and status.",
    ["view", "method", "status"],
    registry=_own,
)
durations = Histogram(
    "candide_http_request_duration_seconds",
    "How long the answers took, by view; without sending a file.",
    ["view"],
    buckets=SECONDS,
    registry=_own,
)


def measured() -> CollectorRegistry:
    """What all processes of this web server have measured since it started."""
    if FOLDER not in os.environ:
        return _own
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


class MeasuringMiddleware:
    """Count and time each request under the name of its view: an address may hold what somebody
    typed, a name cannot."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - begun
        match = request.resolver_match
        view = match.view_name if match else NO_VIEW
        method = request.method if request.method in METHODS else "OTHER"
        requests.labels(view, method, response.status_code).inc()
        durations.labels(view).observe(seconds)
        logger.info("%s %s %s %.0f ms", method, view, response.status_code, seconds * 1000)
        return response
