"""What a programme is in the student system: searched for, associated, typed, dissociated."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.institution.catalogue.domain.student_system import (
    FIELDS,
    associate,
    association_warnings,
    dissociate,
    search,
    values_from,
)
from candide.institution.catalogue.models import Programme
from candide.integrations import sis


class TypedForm(forms.ModelForm):
    class Meta:
        model = Programme
        fields = FIELDS


@permission_required("catalogue.manage_programmes")
def student_system(request: HttpRequest, pk: int) -> HttpResponse:
    """Search there and choose, or type; posted, it is associated or dissociated."""
    rows = Programme.objects.select_related("commission__centre")
    programme = get_object_or_404(visible(rows, request.user), pk=pk)
    if not request.user.has_perm("catalogue.manage_programmes", programme):
        raise PermissionDenied
    words = request.POST.get("q", request.GET.get("q", "")).strip()[:80]
    act = request.POST.get("do", "")
    form = TypedForm(request.POST if act == "type" else None, instance=programme)
    blockers: list[Blocker] = []
    found = search(words) if words else None
    if found is not None:
        blockers += found.blockers
    chosen = next((each for each in found.found if _mark(each) == act), None) if found else None
    if act == "dissociate":
        dissociate(programme, by=request.user)
        return _done(request, programme, _("The programme is dissociated from the student system."))
    if chosen is not None or (act == "type" and form.is_valid()):
        associate(programme, values_from(chosen) if chosen else form.cleaned_data, by=request.user)
        return _done(request, programme, _("The programme is associated with the student system."))
    if request.method == "POST" and act != "type" and not blockers:
        blockers.append(Blocker("gone", _("The student system no longer has this programme.")))
    stored = Programme.objects.get(pk=programme.pk)
    context: dict[str, Any] = {
        "programme": stored,
        "words": words,
        "found": [(each, _mark(each)) for each in found.found] if found else None,
        "searches": sis.current().knows_programmes,
        "form": form,
        "blockers": blockers,
        "warnings": association_warnings(stored),
        "navigation": "staff",
    }
    status = 200 if request.method == "GET" else 422 if form.errors else 409
    return render(request, "staff/settings/student_system.html", context, status=status)


def _mark(offered: Any) -> str:
    """What names one of those found in the address of its button."""
    return "|".join(values_from(offered).values())


def _done(request: HttpRequest, programme: Programme, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("staff:formations_student_system", args=[programme.pk]))


URLS = [
    path(
        "parametrage/formations/<int:pk>/si-scolarite/",
        student_system,
        name="formations_student_system",
    )
]
