"""Passkeys of staff (« clés d'accès »): adding one, with what the browser makes, and removing it.
django-allauth checks what browsers say against what they were asked, which the session holds."""

from typing import Any

from allauth.mfa.webauthn.internal.auth import (
    begin_registration,
    complete_registration,
    parse_registration_response,
)
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.access.domain.demanding import must_have_second_factor
from candide.institution.accounts.domain.second_factor import (
    add_passkey,
    adding_blockers,
    passkeys_of,
    remove_passkey,
)
from candide.web.public.account.entrance import password_is_wrong
from candide.web.public.account.forms import NOT_A_PASSKEY, NewPasskeyForm
from candide.web.public.account.second_factor import (
    CODES_KEY,
    FROM_NOW_ON,
    after_password,
    asked_again,
    without_password,
)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current", "credential")
@permission_required("accounts.use_second_factor")
@asked_again
def new(request: HttpRequest) -> HttpResponse:
    """Have the browser make a passkey, and keep it under a name."""
    form = without_password(request, NewPasskeyForm(request.POST or None))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = password_is_wrong(request, form) or _add(request, form)
            if not status:
                return redirect("mfa_index")
    blockers = adding_blockers(request.user)
    context = {
        "form": form,
        "blockers": blockers,
        "options": None if blockers else begin_registration(request.user, passwordless=False),
    }
    return render(request, "public/account/passkey_new.html", context, status=status)


def _add(request: HttpRequest, form: Any) -> int:
    """Keep it; the status of the answer when it is not done, else 0."""
    credential = form.cleaned_data["credential"]
    try:
        parse_registration_response(credential)
        complete_registration(credential)
    except (ValidationError, *NOT_A_PASSKEY):
        form.add_error(None, _("The passkey your browser made cannot be used. Try again."))
        return 422
    try:
        is_first = add_passkey(request.user, name=form.cleaned_data["name"], credential=credential)
    except Refused as refusal:
        for blocker in refusal.blockers:
            form.add_error(blocker.about.partition(":")[2] or None, blocker.message)
        return 409
    request.session[CODES_KEY] = is_first
    messages.success(request, FROM_NOW_ON if is_first else _("The passkey was added."))
    return 0


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.use_second_factor")
@asked_again
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """A passkey that was lost, or is not used any more."""
    known = next((each for each in passkeys_of(request.user) if each.pk == pk), None)
    if known is None:
        raise Http404

    def act() -> None:
        remove_passkey(request.user, pk, is_demanded=must_have_second_factor(request.user))
        messages.success(request, _("The passkey was removed."))

    return after_password(request, act, "public/account/passkey_remove.html", passkey=known)
