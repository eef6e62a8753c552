"""The dates of openings for people's own calendars (iCalendar, RFC 5545) [A-115]."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from candide.institution.catalogue.domain.calendar import milestones
from candide.institution.catalogue.models import Intake, Programme

DAY = timedelta(days=1)
ASKED_AGAIN_EVERY = timedelta(hours=12)
AddressOf = Callable[[Programme], str]


def calendar_of(
    intakes: Iterable[Intake], *, name: str, host: str, address_of: AddressOf, now: datetime
) -> bytes:
    """A calendar called `name` of every date of `intakes`, which come with their offer; it is
    stamped `now`. An event keeps its identity when its day is changed."""
    calendar = Calendar()
    calendar.add("prodid", "-//Candide//Candide//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASKED_AGAIN_EVERY, parameters={"VALUE": "DURATION"})
    for intake in intakes:
        for code, label, day in _days(intake, today=now.date()):
            event = Event()
            event.add("uid", f"{intake.pk}-{code}@{host}")
            event.add("dtstamp", now)
            event.add("dtstart", day)
            event.add("dtend", day + DAY)
            summary = _("%(what)s: %(programme)s")
            event.add("summary", summary % {"what": label, "programme": intake.programme})
            event.add("description", str(intake.programme.commission.centre))
            event.add("url", address_of(intake.programme))
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return calendar.to_ical()


def _days(intake: Intake, *, today: date) -> Iterator[tuple[str, str, date]]:
    """Each day worth a line, with what it is; a period is its first and its last day."""
    for one in milestones(intake, today=today):
        if one.on is None:
            continue
        if one.until is None:
            yield one.code, one.label, one.on
        else:
            yield "opens_on", _("Applications open"), one.on
            yield "closes_on", _("Last day to apply"), one.until
