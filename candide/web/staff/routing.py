"""The admission route of one application: entering it, and confirming it [back-office 14.5]."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.examining import route_warnings, set_route
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.automatic import favourable_type
from candide.admissions.decisions.domain.routing import confirm_route, confirming_blockers
from candide.core.blockers import Blocker, Refused
from candide.core.views import for_object
from candide.institution.catalogue.enums import AdmissionRoute
from candide.web.staff.application import show
from candide.web.staff.walking import Walk, back, list_of


@require_POST
@for_object(Application, "applications.set_route")
def enter_route(request: HttpRequest, application: Application) -> HttpResponse:
    """Enter the route; what is unwise is asked about once more."""
    if request.POST.get("route") not in AdmissionRoute.values:
        missing = Blocker("route_missing", _("Choose a route."))
        return show(request, application, status=422, blockers=[missing])
    route = AdmissionRoute(request.POST["route"])
    warnings = route_warnings(application, route)
    if warnings and "confirmed" not in request.POST:
        context = {
            "application": application,
            "warnings": warnings,
            "route": route,
            "walk": Walk(list_of(request)),
            "navigation": "staff",
        }
        return render(request, "staff/application/route_all_the_same.html", context)
    try:
        set_route(application, route, by=request.user, now=timezone.now())
    except Refused as refusal:
        return show(request, application, status=409, blockers=refusal.blockers)
    messages.success(request, _("The admission route is set."))
    return back(request, application)


@for_object(Application, "decisions.confirm_route")
def confirm_route_page(request: HttpRequest, application: Application) -> HttpResponse:
    """Confirm the route, after a page that says what follows."""
    blockers, status = confirming_blockers(application), 200
    if request.method == "POST":
        try:
            seen = request.POST.get("seen", "")
            confirm_route(application, by=request.user, now=timezone.now(), seen=seen)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
            application.refresh_from_db(fields=["route", "is_route_confirmed"])
        else:
            messages.success(request, _("The route is confirmed and the candidate is told."))
            return back(request, application)
    route = AdmissionRoute(application.route)
    context = {
        "application": application,
        "route": route,
        "direct": favourable_type(application.intake) if route == AdmissionRoute.DIRECT else None,
        "blockers": blockers,
        "walk": Walk(list_of(request)),
        "navigation": "staff",
    }
    return render(request, "staff/application/route_confirm.html", context, status=status)
