"""What every page needs beside its own context."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from candide.institution.catalogue.domain.service import (
    Closing,
    message_now,
    mode_of,
    planned_closing,
)
from candide.institution.catalogue.models import Institution

ANNOUNCED = timedelta(days=2)  # before it begins


def institution(request: HttpRequest) -> dict[str, Any]:
    """The institution whose name, colours and contacts the layout shows, and which of the three
    navigations stands at the top."""
    return {
        "institution": SimpleLazyObject(Institution.current),
        "navigation": navigation(request),
        "service": SimpleLazyObject(_service),
    }


@dataclass(frozen=True)
class Service:
    """What everybody is told of the service at the top of a page."""

    mode: str
    planned: Closing | None
    is_planned: bool
    is_announced: bool
    closing_message: str
    message: str


def _service() -> Service:
    now, institution = timezone.now(), Institution.current()
    planned = planned_closing(institution, now=now)
    has_begun = planned is not None and planned.starts_at <= now
    return Service(
        mode=mode_of(institution, now=now),
        planned=planned,
        is_planned=has_begun,
        is_announced=planned is not None and now < planned.starts_at <= now + ANNOUNCED,
        closing_message=str(institution.closing_message) if planned is not None else "",
        message=message_now(institution, now=now),
    )


def navigation(request: HttpRequest) -> str:
    """`anonymous`, `candidate` or `staff`: a candidate has a file number, staff have none."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "anonymous"
    return "candidate" if user.file_number else "staff"
