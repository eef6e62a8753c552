"""Colleagues who have the same application open now: a sign of life every twenty seconds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.core.views import for_object
from candide.foundation.leases.domain.presence import others_at, seen_here
from candide.institution.accounts.models import User


def page_of(application: Application) -> str:
    """The name under which the page of `application` is open."""
    return f"application-page:{application.pk}"


@require_POST
@for_object(Application, "applications.examine")
def here(request: HttpRequest, application: Application) -> HttpResponse:
    """One is at it; who else is."""
    now = timezone.now()
    seen_here(page_of(application), by=request.user, now=now)
    ids = others_at(page_of(application), but=request.user, now=now)
    people = User.objects.filter(pk__in=ids).order_by("last_name", "pk")
    return render(request, "staff/application/colleagues.html", {"people": people})
