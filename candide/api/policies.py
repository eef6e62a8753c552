"""What holds for every address of the API, and how often one may ask. Closed by default: an address
that says nothing is for nobody."""

from typing import Any

from django.conf import settings
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.throttling import SimpleRateThrottle


class Closed(BasePermission):
    """What every address has until it says who comes in."""

    def has_permission(self, request: Any, view: Any) -> bool:
        return False


class JsonWhateverIsAsked(BaseContentNegotiation):
    """There is one form of answers: `Accept` is not what chooses among them."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        media_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == media_type), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class AddressThrottle(SimpleRateThrottle):
    """So many requests a minute from one address, as the sign-in page counts them."""

    scope = "address"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": address_of(request)}


class CalendarThrottle(AddressThrottle):
    """Calendars are made of everything there is, and asked for a few times a day."""

    scope = "calendar"


def address_of(request: Any) -> str:
    """The address of who asks; behind a proxy the one that the proxy saw."""
    given = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.BEHIND_PROXY and given:
        return given.rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
