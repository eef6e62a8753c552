"""Changing the e-mail address [ACC-27…31]."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.accounts.domain.email_change import (
    ask_email_change,
    forget_change,
    pending_change,
    validate_email,
    validation_blockers,
)
from candide.institution.accounts.domain.links import find_link
from candide.institution.accounts.enums import LinkPurpose
from candide.web.public.account.entrance import is_throttled, password_is_wrong, too_many
from candide.web.public.account.forms import ChangeEmailForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("current")
@permission_required("accounts.change_own")
def change(request: HttpRequest) -> HttpResponse:
    """« Modifier mon adresse mail »."""
    now = timezone.now()
    form = ChangeEmailForm(request.POST or None, user=request.user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _ask(request, form, now)
            if not status:
                return redirect("account_email")
    context = {"form": form, "pending": pending_change(request.user, now=now)}
    return render(request, "public/account/email.html", context, status=status)


def _ask(request: HttpRequest, form: ChangeEmailForm, now) -> int:
    """Ask for the change; the status of the answer when it is refused, else 0."""
    if refused := password_is_wrong(request, form):
        return refused
    if is_throttled(request, "email_change"):
        form.add_error(None, too_many())
        return 429
    email = form.cleaned_data["email"]
    try:
        ask_email_change(request.user, email=email, now=now)
    except Refused as refusal:
        form.add_error("email", [blocker.message for blocker in refusal.blockers])
        return 422
    messages.success(request, _("A message is on its way to %(email)s.") % {"email": email})
    return 0


@require_POST
@permission_required("accounts.change_own")
def forget(request: HttpRequest) -> HttpResponse:
    """Keep the present address after all."""
    forget_change(request.user)
    messages.success(request, _("Your address stays as it is."))
    return redirect("account_email")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def validation(request: HttpRequest, secret: str) -> HttpResponse:
    """The page the link sent to the new address opens. Works without being signed in: the mailbox
    is what is proved."""
    if is_throttled(request, "mailed_link"):
        return render(request, "public/account/throttled.html", status=429)
    now = timezone.now()
    if request.method == "POST":
        try:
            user = validate_email(secret, now=now)
        except Refused as refusal:
            context = {"blockers": refusal.blockers}
            return render(request, "public/account/validate_email.html", context, status=409)
        messages.success(
            request, _("The address of your account is now %(email)s.") % {"email": user.email}
        )
        return redirect("account_overview" if request.user.is_authenticated else "account_login")
    link = find_link(secret, LinkPurpose.EMAIL)
    blockers = validation_blockers(link, now=now)
    shown = {"blockers": blockers, "link": link if not blockers else None}
    return render(request, "public/account/validate_email.html", shown)
