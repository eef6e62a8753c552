"""What every page needs beside its own context."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from candide.institution.catalogue.models import Institution


def institution(request: HttpRequest) -> dict[str, Any]:
    """The institution whose name, colours and contacts the layout shows, and which of the three
    navigations stands at the top."""
    return {"institution": SimpleLazyObject(Institution.current), "navigation": navigation(request)}


def navigation(request: HttpRequest) -> str:
    """`anonymous`, `candidate` or `staff`: a candidate has a file number, staff have none."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "anonymous"
    return "candidate" if user.file_number else "staff"
