"""/metrics, for Prometheus: what this machine answered, and what waits in the database.

Closed unless the deployment says to whom it is open. Nothing in it names a person."""

import ipaddress
import logging
import secrets
from collections.abc import Iterator
from datetime import datetime

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

import candide
from candide.core.failures import summary
from candide.core.gauges import gauges
from candide.core.measuring import measured

BEARER = "Bearer "

logger = logging.getLogger(__name__)


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """An address that is open to nobody does not exist. Programs ask: no page is drawn for them."""
    if not settings.METRICS_TOKEN and not settings.METRICS_NETWORKS:
        return HttpResponse("not found\n", status=404, content_type="text/plain")
    if not (_has_token(request) or _is_near(request)):
        return HttpResponse("closed\n", status=403, content_type="text/plain")
    waiting = CollectorRegistry()
    waiting.register(Waiting(timezone.now()))
    content = generate_latest(measured()) + generate_latest(waiting)
    return HttpResponse(content, content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    said = request.headers.get("Authorization", "")
    is_said = said.startswith(BEARER) and settings.METRICS_TOKEN
    return bool(is_said) and secrets.compare_digest(
        said.removeprefix(BEARER).encode(), settings.METRICS_TOKEN.encode()
    )


def _is_near(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except PermissionDenied:  # nobody knows where it comes from
        return False
    return any(address in ipaddress.ip_network(each) for each in settings.METRICS_NETWORKS)


class Waiting:
    """The gauges of all rooms, in the form Prometheus reads. A database that is away is told, and
    what this machine measured is told all the same."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _family("candide_version", "What runs here.", "version", {candide.__version__: 1})
        is_up = 1
        for each in gauges():
            try:
                with transaction.atomic():
                    yield _family(each.name, each.help, each.label, each.read(self.now))
            except (DatabaseError, InterfaceError) as error:
                logger.warning("metrics: %s", summary(error))
                is_up = 0
                break
        yield _family("candide_database_up", "Whether the database answered.", "", is_up)

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked of the database before somebody asks for it."""
        return []


def _family(name: str, text: str, label: str, reading: object) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    values = reading.items() if isinstance(reading, dict) else [(None, reading)]
    for value, number in values:
        family.add_metric([] if value is None else [value], float(number))
    return family
