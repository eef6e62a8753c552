"""What speaks against an action somebody asked for with a button alone."""

from django.contrib import messages
from django.http import HttpRequest

from candide.core.blockers import Refused


def show_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Each reason as a message on the page that comes next."""
    for blocker in refusal.blockers:
        messages.error(request, blocker.message)
