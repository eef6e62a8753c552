"""« Administration du compte »: opening, changing, sending the link again, deleting."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.deleting_account import (
    delete_account,
    deleting_blockers,
)
from candide.admissions.candidates.domain.closing import switch, switching_blockers
from candide.core.blockers import Refused
from candide.core.views import for_object, permission_required
from candide.institution.accounts.domain.administering import (
    activate_for,
    activating_blockers,
    change_account,
    change_address,
    entry_of,
    reset_sign_in,
)
from candide.institution.accounts.domain.opening import link_blockers, open_account, resend_link
from candide.institution.accounts.models import User
from candide.web.shared.refusals import show_refusal
from candide.web.staff.candidates.forms import (
    AccountForm,
    AddressForm,
    BlockedForm,
    DeletionForm,
    OpeningForm,
)

ADMINISTER = "candidates.administer"


@permission_required(ADMINISTER)
def open_new(request: HttpRequest) -> HttpResponse:
    """« Créer un compte »: the candidate gets a link to choose a password."""
    form = OpeningForm(request.POST or None)
    blockers = []
    if request.method == "POST" and form.is_valid():
        try:
            account = open_account(
                form.entry(),
                email=form.cleaned_data["email"],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            blockers = form.add_blockers(refusal.blockers)
        else:
            messages.success(request, _("The account is open: a link was sent to the candidate."))
            return redirect("staff:candidate", account.pk)
    return _form_page(request, "staff/candidates/open.html", form, blockers)


@for_object(User, ADMINISTER)
def change(request: HttpRequest, account: User) -> HttpResponse:
    """Name, language, student number, continuing education."""
    form = AccountForm(request.POST or None, entry=entry_of(account))
    blockers = []
    if request.method == "POST" and form.is_valid():
        try:
            change_account(account, form.entry(), by=request.user, seen=form.seen_entry())
        except Refused as refusal:
            blockers = form.add_blockers(refusal.blockers)
            form.look_again(entry_of(User.objects.get(pk=account.pk)))
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:candidate", account.pk)
    return _form_page(request, "staff/candidates/account.html", form, blockers, account)


@for_object(User, ADMINISTER)
def address(request: HttpRequest, account: User) -> HttpResponse:
    """Another e-mail address, confirmed by who reads it."""
    form = AddressForm(request.POST or None)
    blockers = []
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            change_address(account, email=email, by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers = form.add_blockers(refusal.blockers)
        else:
            messages.success(request, _("A link was sent to %(email)s.") % {"email": email})
            return redirect("staff:candidate", account.pk)
    return _form_page(request, "staff/candidates/address.html", form, blockers, account)


@require_POST
@for_object(User, ADMINISTER)
def send_link_again(request: HttpRequest, account: User) -> HttpResponse:
    """The link to activate the account, or to choose a password."""
    try:
        resend_link(account, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("The link was sent to %(email)s.") % {"email": account.email})
    return redirect("staff:candidate", account.pk)


# -- What asks first -------------------------------------------------------------------------------


def _close(account: User, by: User) -> None:
    switch(account, is_active=not account.is_active, by=by)


Act = Callable[[User, User], None]
QUESTIONS: dict[str, tuple[Callable[[User], list[Any]], Act]] = {
    "activer": (
        activating_blockers,
        lambda account, by: activate_for(account, by=by, now=timezone.now()),
    ),
    "connexion": (
        link_blockers,
        lambda account, by: reset_sign_in(account, by=by, now=timezone.now()),
    ),
    "fermeture": (switching_blockers, _close),
}


@for_object(User, ADMINISTER)
def ask(request: HttpRequest, account: User, act: str) -> HttpResponse:
    """Activate in the candidate's place, reset the sign-in, close or reopen: a last question."""
    if act not in QUESTIONS:
        raise Http404
    blockers_of, do = QUESTIONS[act]
    blockers, status = blockers_of(account), 200
    if request.method == "POST":
        try:
            do(account, request.user)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("Done. It counts at once."))
            return redirect("staff:candidate", account.pk)
    context = {"account": account, "act": act, "blockers": blockers, "navigation": "staff"}
    return render(request, "staff/candidates/ask.html", context, status=status)


@for_object(User, ADMINISTER)
def delete(request: HttpRequest, account: User) -> HttpResponse:
    """« Supprimer le compte » of somebody who never applied."""
    form = DeletionForm(request.POST if request.method == "POST" else None)
    blockers, status = deleting_blockers(account), 200
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(
                account,
                by=request.user,
                now=timezone.now(),
                with_mail=form.cleaned_data["with_mail"],
            )
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("The account is deleted."))
            return redirect("staff:candidates")
    context = {"account": account, "form": form, "blockers": blockers, "navigation": "staff"}
    return render(request, "staff/candidates/delete.html", context, status=status)


def _form_page(
    request: HttpRequest,
    template: str,
    form: BlockedForm,
    blockers: list[Any],
    account: User | None = None,
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 409 if blockers else 422
    context = {"form": form, "blockers": blockers, "account": account, "navigation": "staff"}
    return render(request, template, context, status=status)
