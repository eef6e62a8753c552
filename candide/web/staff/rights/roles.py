"""« Profils »: what people may do, composed of capabilities."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.domain.composing import (
    GRANT,
    READ,
    WRITE,
    change_role,
    create_role,
    deletion_blockers,
    grants_of,
    people_with,
    role_mark,
    switch_role,
    switching_blockers,
)
from candide.institution.access.domain.composing import delete_role as delete
from candide.institution.access.domain.upgrading import new_capabilities
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.institution.access.scope import holds_today
from candide.web.staff.rights.forms import LEVELS, RoleForm
from candide.web.staff.settings.history import Entry, Part, row_sentences

SHOWN_HISTORY = 50


@permission_required("access.view_roles")
def role_list(request: HttpRequest) -> HttpResponse:
    """Every role, with how many people hold it."""
    holders = holds_today("assignments__") & Q(assignments__user__is_active=True)
    roles = (
        visible(RoleProfile.objects.all(), request.user)
        .annotate(people=Count("assignments__user", filter=holders, distinct=True))
        .order_by("-is_active", "name", "pk")
    )
    may_manage = request.user.has_perm("access.manage_roles")
    context = {"roles": roles, "may_manage": may_manage}
    context["undecided"] = new_capabilities() if may_manage else []
    return _page(request, "staff/rights/roles.html", context)


@permission_required("access.manage_roles")
def new_role(request: HttpRequest) -> HttpResponse:
    """Compose a role, of nothing or like another one."""
    like = RoleProfile.objects.filter(pk=whole_number(request.GET.get("like"))).first()
    form = RoleForm(request.POST or None, like=like)
    blockers: list[Blocker] = []
    if request.method == "POST" and form.is_valid():
        try:
            role = create_role(form.draft(), by=request.user)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            messages.success(request, _("The role “%(role)s” is composed.") % {"role": role})
            return redirect("staff:role", role.pk)
    context = {"form": form, "like": like, "blockers": blockers, "may_manage": True}
    return _page(request, "staff/rights/role.html", context, status=_status(request, blockers))


@permission_required("access.view_roles")
def role_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One role: what it holds, who has it, what it was."""
    role = _role(request, pk)
    may_manage = request.user.has_perm("access.manage_roles")
    if request.method == "POST" and may_manage:
        return _change(request, role)
    context = {"form": RoleForm(role=role), "blockers": [], "may_manage": may_manage}
    return _role_page(request, role, context, status=403 if request.method == "POST" else 200)


def _change(request: HttpRequest, role: RoleProfile) -> HttpResponse:
    form = RoleForm(request.POST, role=role)
    blockers: list[Blocker] = []
    if form.is_valid():
        try:
            change_role(role, form.draft(), by=request.user, seen=form.cleaned_data["seen"])
        except Refused as refusal:
            blockers = refusal.blockers
            form.data = form.data.copy()
            form.data["seen"] = role_mark(role)
        else:
            messages.success(request, _("Saved. It counts at once."))
            return redirect("staff:role", role.pk)
    context = {"form": form, "blockers": blockers, "may_manage": True}
    return _role_page(request, role, context, status=_status(request, blockers))


@permission_required("access.manage_roles")
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a role out of service, or back in: how many people it concerns is said before."""
    role = _role(request, pk)
    blockers = switching_blockers(role, by=request.user)
    if request.method == "POST" and "active" in request.POST:
        try:
            switch_role(role, is_active=request.POST["active"] == "1", by=request.user)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            messages.success(request, _("Saved. It counts at once."))
            return redirect("staff:role", role.pk)
    context = {"role": role, "blockers": blockers, "people": people_with(role)}
    return _page(
        request, "staff/rights/role_service.html", context, status=_status(request, blockers)
    )


@permission_required("access.manage_roles")
def delete_role(request: HttpRequest, pk: int) -> HttpResponse:
    """What keeps the role from being deleted, or a last question."""
    role = _role(request, pk)
    blockers = deletion_blockers(role)
    if request.method == "POST" and not blockers:
        try:
            delete(role, by=request.user)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            messages.success(request, _("Deleted."))
            return redirect("staff:roles")
    context = {"role": role, "blockers": blockers}
    return _page(
        request, "staff/rights/role_delete.html", context, status=_status(request, blockers)
    )


# -- What they are made of -------------------------------------------------------------------------


def _role(request: HttpRequest, pk: int) -> RoleProfile:
    return get_object_or_404(visible(RoleProfile.objects.all(), request.user), pk=pk)


def _role_page(
    request: HttpRequest, role: RoleProfile, context: dict[str, Any], *, status: int
) -> HttpResponse:
    context |= {
        "role": role,
        "people": people_with(role),
        "holds": [(each.label, LEVELS[_level(w)]) for each, w in grants_of(role).items()],
        "history": role_history(role),
    }
    return _page(request, "staff/rights/role.html", context, status=status)


def role_history(role: RoleProfile) -> list[Entry]:
    """What the role was, in words."""
    return row_sentences(entries_about(role)[:SHOWN_HISTORY], role, parts=role_parts())


def role_parts() -> dict[str, Part]:
    """What a role may do, as its history names it."""
    levels = {READ: str(LEVELS[READ]), WRITE: str(LEVELS[WRITE])}
    return {f"{GRANT}{each.value}": Part(str(each.label), levels) for each in Capability}


def _level(can_write: bool) -> str:
    return WRITE if can_write else READ


def _status(request: HttpRequest, blockers: list[Blocker]) -> int:
    if request.method != "POST":
        return 200
    return 409 if blockers else 422


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context |= {"navigation": "staff"}
    return render(request, template, context, status=status)
