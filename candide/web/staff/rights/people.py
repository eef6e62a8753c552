"""« Personnes »: who works here, with which roles, and their accounts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.text import fold
from candide.core.views import permission_required
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.domain.giving import add_person, find_person, give_roles
from candide.institution.access.domain.giving import giving_warnings as warnings_of
from candide.institution.access.domain.people import (
    account_blockers,
    has_roles_elsewhere,
    people_within,
    switch_account,
)
from candide.institution.access.enums import AccessEvent
from candide.institution.access.models import Assignment
from candide.institution.accounts.domain.invitation import (
    invitation_blockers,
    invited_until,
    resend_invitation,
)
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.integrations import directory as directories
from candide.web.shared.refusals import show_refusal
from candide.web.staff.rights.directory import of_directory
from candide.web.staff.rights.people_forms import PersonForm, RightForm
from candide.web.staff.settings.crud import querystring
from candide.web.staff.settings.history import Entry, row_sentences

PAGE = 100
SHOWN_HISTORY = 50
EVENTS = dict(AccessEvent.choices) | {
    event.value: event.label
    for event in (
        AccountEvent.INVITED,
        AccountEvent.INVITATION_SENT,
        AccountEvent.ACTIVATED,
        AccountEvent.CLOSED,
        AccountEvent.REOPENED,
        AccountEvent.LEFT,
        AccountEvent.FOLLOWED,
    )
}


@permission_required("access.view_people")
def person_list(request: HttpRequest) -> HttpResponse:
    """Who works within reach, found by name, address, role or centre, whatever the accents."""
    searched = request.GET.get("q", "").strip()
    words = fold(searched).split()
    people = people_within(request.user).order_by("last_name", "first_name", "pk")
    found = [person for person in people if all(word in _text(person) for word in words)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "searched": searched,
        "may_manage": request.user.has_perm("access.manage_people"),
        "has_directory": directories.current().is_connected,
        "previous_url": querystring(request, page.number - 1) if page.has_previous() else "",
        "next_url": querystring(request, page.number + 1) if page.has_next() else "",
        "navigation": "staff",
    }
    return render(request, "staff/rights/people.html", context)


def _text(person: Any) -> str:
    """What somebody is found by."""
    said = [person.get_full_name(), person.email]
    for each in person.shown_assignments:
        said += [each.role.name, str(each.centre or ""), str(each.commission or "")]
        said.append(str(each.commission.centre) if each.commission else "")
        said += [str(each.programme), str(each.programme.commission)] if each.programme else []
    return fold(" ".join(said))


@permission_required("access.view_people")
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: their roles in reach, their account, what was given and taken."""
    person = _person(request, pk)
    may_manage = request.user.has_perm("access.manage_people")
    context = {
        "person": person,
        "assignments": person.shown_assignments,  # type: ignore[attr-defined]
        "is_elsewhere_too": has_roles_elsewhere(person, user=request.user),
        "may_manage": may_manage,
        "may_invite": may_manage and not invitation_blockers(person),
        "invited_until": invited_until(person),
        "now": timezone.now(),
        "may_close": may_manage and not account_blockers(person, by=request.user),
        "history": person_history(person, request.user),
        "navigation": "staff",
    }
    return render(request, "staff/rights/person.html", context)


def person_history(person: User, user: Any) -> list[Entry]:
    """What happened to the rights of `person`, in words; roles elsewhere are not told of."""
    entries = entries_about(person).filter(event__in=EVENTS)
    if has_roles_elsewhere(person, user=user):
        entries = entries.none()
    shown = frozenset(AccessEvent.values)
    return row_sentences(entries[:SHOWN_HISTORY], Assignment(), events=EVENTS, shown=shown)


@permission_required("access.manage_people")
def new_person(request: HttpRequest) -> HttpResponse:
    """Give a role to somebody known by address; who has no account is invited."""
    known_there = of_directory(request)
    form = PersonForm(request.POST or None, user=request.user, person=known_there)
    context: dict[str, Any] = {"form": form, "blockers": [], "warnings": []}
    context["has_directory"] = directories.current().is_connected
    if request.method == "POST" and not form.is_narrowing and form.is_valid():
        known = find_person(form.cleaned_data["email"])
        if known is not None or not form.is_nameless():
            context["warnings"] = _unconfirmed(form, known)
        if form.is_valid() and not context["warnings"]:
            try:
                person = add_person(
                    form.colleague(), *form.rights(), by=request.user, now=timezone.now()
                )
            except Refused as refusal:
                context["blockers"] = refusal.blockers
            else:
                messages.success(request, _given(person, is_new=known is None))
                return redirect("staff:person", person.pk)
    return _form_page(request, context)


def _given(person: User, *, is_new: bool) -> str:
    if is_new:
        return _("%(person)s is invited by mail.") % {"person": person}
    return _("%(person)s has the role from now on.") % {"person": person}


@permission_required("access.manage_people")
def new_right(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one more role to somebody who is listed."""
    person = _person(request, pk)
    form = RightForm(request.POST or None, user=request.user)
    context: dict[str, Any] = {"form": form, "person": person, "blockers": [], "warnings": []}
    if request.method == "POST" and not form.is_narrowing and form.is_valid():
        context["warnings"] = _unconfirmed(form, person)
        if not context["warnings"]:
            try:
                today = localdate(timezone.now())
                give_roles(person, form.rights(), by=request.user, today=today)
            except Refused as refusal:
                context["blockers"] = refusal.blockers
            else:
                messages.success(request, _given(person, is_new=False))
                return redirect("staff:person", person.pk)
    return _form_page(request, context)


def _unconfirmed(form: RightForm, person: User | None) -> list[Blocker]:
    """What to know before, unless it was said for this very entry and is wanted all the same."""
    warnings = warnings_of(person, form.rights()[0])
    values = form.cleaned_data
    codes = ",".join(warning.code for warning in warnings)
    mark = f"{person.pk if person else ''} {values['role'].pk} {values['place']} {codes}"
    if not warnings or values["confirmed"] == mark:
        return []
    form.data = form.data.copy()
    form.data["confirmed"] = mark
    return warnings


@permission_required("access.manage_people")
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the account of somebody, or open it again: a last question before."""
    person = _person(request, pk)
    blockers = account_blockers(person, by=request.user)
    status = 200
    if request.method == "POST" and "active" in request.POST:
        try:
            switch_account(person, is_active=request.POST["active"] == "1", by=request.user)
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("Saved. It counts at once."))
            return redirect("staff:person", person.pk)
    context = {"person": person, "blockers": blockers, "navigation": "staff"}
    return render(request, "staff/rights/account.html", context, status=status)


@require_POST
@permission_required("access.manage_people")
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the invitation again, with a new link."""
    person = _person(request, pk)
    try:
        resend_invitation(person, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("%(person)s is invited by mail.") % {"person": person})
    return redirect("staff:person", person.pk)


# -- What they are made of -------------------------------------------------------------------------


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people_within(request.user), pk=pk)


def _form_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 200
    if request.method == "POST" and not context["form"].is_narrowing:
        status = 409 if context["blockers"] else 200 if context["warnings"] else 422
    narrowed = "commissions" in context["form"].fields
    context |= {"navigation": "staff", "narrowed": narrowed}
    return render(request, "staff/rights/give.html", context, status=status)
