"""« Webhooks »: other systems that are called when something happens, and the calls."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import for_object, permission_required
from candide.foundation.history.domain.log import entries_about
from candide.reporting.webhooks.domain.calling import replay
from candide.reporting.webhooks.domain.subscribing import subscribe, switch, try_out, unsubscribe
from candide.reporting.webhooks.enums import DeliveryState, WebhookEvent
from candide.reporting.webhooks.models import Delivery, Subscription
from candide.reporting.webhooks.rules import MANAGE
from candide.web.shared.addresses import newest_page
from candide.web.shared.refusals import show_refusal
from candide.web.staff.programs.forms import WebhookForm
from candide.web.staff.settings.history import row_sentences

SHOWN = 200
SHOWN_HISTORY = 20
LOOKS = {
    DeliveryState.WAITING: {"tone": "info", "icon": "clock"},
    DeliveryState.DONE: {"tone": "success", "icon": "circle-check"},
    DeliveryState.GIVEN_UP: {"tone": "danger", "icon": "circle-x"},
}


@permission_required(MANAGE)
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Who is called for what, and whether calls fail."""
    rows = (
        Subscription.objects.all()
        .visible_to(request.user)
        .select_related("centre")
        .annotate(
            given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
            waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        )
        .order_by("-is_active", "name", "pk")
    )
    return _page(request, "staff/programs/webhooks.html", {"rows": rows[:SHOWN]})


@permission_required(MANAGE)
def webhook_new(request: HttpRequest) -> HttpResponse:
    """Have another system told."""
    form, blockers, status = WebhookForm(request.POST or None), [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = subscribe(
                    form.wish(), is_trial=settings.DEMO, by=request.user, now=timezone.now()
                )
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                messages.success(request, _("It is told from now on. Give it the secret below."))
                return redirect("staff:webhook", made.pk)
    context = {
        "form": form,
        "blockers": blockers,
        "title": _("New webhook"),
        "list_title": _("Webhooks"),
        "list_url": reverse("staff:webhooks"),
        "verb": _("Save"),
        "icon": "save",
    }
    return _page(request, "staff/programs/new.html", context, status=status)


@for_object(Subscription, MANAGE)
def webhook_page(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """What it is told, with which secret, and the last calls; older ones by their key."""
    state = request.GET.get("state", "")
    calls = subscription.deliveries.all()
    if state in DeliveryState.values:
        calls = calls.filter(state=state)
    shown, older = newest_page(request.GET, calls)
    context = {
        "subscription": subscription,
        "calls": [(call, LOOKS[DeliveryState(call.state)]) for call in shown],
        "older": older,
        "state": state,
        "states": DeliveryState.choices,
        "given_up": subscription.deliveries.filter(state=DeliveryState.GIVEN_UP).count(),
        "history": row_sentences(
            entries_about(subscription)[:SHOWN_HISTORY],
            subscription,
            events=dict(WebhookEvent.choices),
        ),
    }
    return _page(request, "staff/programs/webhook.html", context)


@require_POST
@for_object(Subscription, MANAGE)
def webhook_switch(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Stop telling it, or go on."""
    switch(subscription, is_active="resume" in request.POST, by=request.user)
    messages.success(request, _("Saved. It counts at once."))
    return redirect("staff:webhook", subscription.pk)


@require_POST
@for_object(Subscription, MANAGE)
def webhook_try(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Call it once for a test."""
    try:
        try_out(subscription, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("It is called in a moment; how that went stands below."))
    return redirect("staff:webhook", subscription.pk)


@require_POST
@for_object(Subscription, MANAGE)
def webhook_delete(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Delete it; one that is in service is stopped first."""
    try:
        unsubscribe(subscription, by=request.user)
    except Refused as refusal:
        show_refusal(request, refusal)
        return redirect("staff:webhook", subscription.pk)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": subscription})
    return redirect("staff:webhooks")


@require_POST
@for_object(Subscription, MANAGE)
def webhook_replay(request: HttpRequest, subscription: Subscription) -> HttpResponse:
    """Make one call again, or all that were given up."""
    call = request.POST.get("call")
    chosen = {"pk": whole_number(call)} if call else {"state": DeliveryState.GIVEN_UP}
    calls = Delivery.objects.filter(**chosen)
    number = replay(calls, of=subscription, by=request.user, now=timezone.now())
    messages.success(
        request,
        ngettext("%(number)d call is made again.", "%(number)d calls are made again.", number)
        % {"number": number},
    )
    return redirect("staff:webhook", subscription.pk)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, template, context | {"navigation": "staff"}, status=status)
