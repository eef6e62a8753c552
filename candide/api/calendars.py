"""Dates to subscribe to from one's own calendar (iCalendar): of a programme, a centre, of all."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request

from candide.api.catalogue import page_address, programme_of
from candide.api.doors import public
from candide.api.lists import Asked, asked
from candide.api.policies import CalendarThrottle
from candide.core.clock import localdate
from candide.institution.catalogue.domain.ical import calendar_of
from candide.institution.catalogue.domain.published import (
    Wanted,
    published_centres,
    published_intakes,
)
from candide.institution.catalogue.models import Institution

ICALENDAR = {(200, "text/calendar"): OpenApiTypes.STR}


@public(
    "Calendar of the whole offer",
    asks=Asked,
    answers=ICALENDAR,
    throttle=CalendarThrottle,
)
def whole(request: Request) -> HttpResponse:
    """Every date of every opening, as iCalendar."""
    asked(Asked, request)
    return _calendar(Institution.current().name, Wanted())


@public(
    "Calendar of a centre",
    asks=Asked,
    answers=ICALENDAR,
    throttle=CalendarThrottle,
    refusals=(400, 404),
)
def centre(request: Request, code: str) -> HttpResponse:
    """The dates of what one centre offers, as iCalendar."""
    asked(Asked, request)
    found = get_object_or_404(published_centres(), code=code)
    return _calendar(str(found), Wanted(centre=found.code))


@public(
    "Calendar of a programme",
    asks=Asked,
    answers=ICALENDAR,
    throttle=CalendarThrottle,
    refusals=(400, 404),
)
def programme(request: Request, slug: str) -> HttpResponse:
    """The dates of one programme, as iCalendar."""
    asked(Asked, request)
    found = programme_of(slug, today=localdate(timezone.now()))
    return _calendar(str(found), Wanted(programme=found.code))


def _calendar(name: str, wanted: Wanted) -> HttpResponse:
    now = timezone.now()
    rows = published_intakes(wanted, today=localdate(now)).with_offer().order_by("closes_on", "pk")
    content = calendar_of(
        rows,
        name=name,
        host=urlsplit(settings.BASE_URL).hostname or "candide",
        address_of=page_address,
        # The day alone: who asks twice is told that nothing has changed.
        now=now.replace(hour=0, minute=0, second=0, microsecond=0),
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
