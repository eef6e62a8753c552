"""Where external forms come back to: the candidate's browser, and the other service [FORM-08].

Nothing is reached here without an address that was signed for one form of one application.
"""

import json

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from candide.admissions.applications.domain.asked import RequestedForm
from candide.admissions.applications.domain.external_forms import (
    declare_filled_in,
    is_signed,
    item_of,
    keep_answers,
)
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.web.public.account.entrance import is_throttled

LARGEST = 1_000_000


@csrf_exempt  # the other service has no cookie of ours; the address itself is the secret
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def form_return(request: HttpRequest, token: str) -> HttpResponse:
    """Answers signed by the other service are kept; the candidate's browser says that the form was
    filled in, by a button, since looking at a page changes nothing."""
    if is_throttled(request, "form_return"):
        return HttpResponse(status=429)
    now = timezone.now()
    item = item_of(token, today=localdate(now))
    if item is None:
        raise Http404
    signature = request.headers.get("X-Candide-Signature", "")
    if request.method == "POST" and signature:
        return _kept(request, item, signature)
    context = {"item": item, "is_done": False, "blockers": []}
    if request.method == "POST":
        try:
            declare_filled_in(item, now=now)
            context["is_done"] = True
        except Refused as refusal:
            context["blockers"] = refusal.blockers
    status = 409 if context["blockers"] else 200
    return render(request, "public/form_return.html", context, status=status)


def _kept(request: HttpRequest, item: RequestedForm, signature: str) -> HttpResponse:
    """Keep what the other service sent, if it is signed: 200 also for what was sent before."""
    now = timezone.now()
    if len(request.body) > LARGEST or not is_signed(item.form, request.body, signature, now=now):
        return JsonResponse({"error": "signature"}, status=403)
    try:
        sent = json.loads(request.body)
        answers = [(str(one["question"]), str(one["answer"])) for one in sent["answers"]]
        reference = str(sent.get("reference", ""))
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({"error": "body"}, status=400)
    try:
        is_new = keep_answers(item, answers, reference=reference, now=now)
    except Refused as refusal:
        return JsonResponse({"error": refusal.codes[0]}, status=409)
    return JsonResponse({"kept": is_new})
