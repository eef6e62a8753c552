"""« Nouvelles fonctionnalités »: which roles get what a new version lets people do."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Refused
from candide.core.views import permission_required
from candide.institution.access.domain.capabilities import Meaning
from candide.institution.access.domain.composing import READ, WRITE
from candide.institution.access.domain.upgrading import News, Offer, news, settle
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.web.staff.rights.forms import DO, LEVELS, NONE


class NewsForm(forms.Form):
    """For each new capability and each role how far it goes, as the starter roles have it."""

    def __init__(self, *args: Any, found: list[News], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        for each in found:
            for offer in each.offers:
                self.fields[_name(each.meaning, offer.role)] = _level(each.meaning, offer)

    def parts(self) -> list[dict[str, Any]]:
        """The capabilities with their fields, for the page."""
        return [
            {
                "meaning": each.meaning,
                "since": each.since,
                "fields": [self[_name(each.meaning, offer.role)] for offer in each.offers],
            }
            for each in self.found
        ]

    def chosen(self) -> dict[Capability, dict[RoleProfile, bool]]:
        return {
            each.meaning.capability: {
                offer.role: level == WRITE
                for offer in each.offers
                if (level := self.cleaned_data[_name(each.meaning, offer.role)]) != NONE
            }
            for each in self.found
        }


def _name(meaning: Meaning, role: RoleProfile) -> str:
    return f"{meaning.capability.value}-{role.pk}"


def _level(meaning: Meaning, offer: Offer) -> forms.ChoiceField:
    choices = [(NONE, LEVELS[NONE])]
    if meaning.read:
        choices.append((READ, LEVELS[READ]))
    if meaning.write:
        choices.append((WRITE, LEVELS[WRITE] if meaning.read else DO))
    suggested = NONE if offer.suggested is None else WRITE if offer.suggested else READ
    offered = [level for level, _label in choices]
    return forms.ChoiceField(
        label=offer.role.name,
        choices=choices,
        initial=suggested if suggested in offered else offered[-1],
        widget=forms.RadioSelect,
    )


@permission_required("access.manage_roles")
def new_capabilities_page(request: HttpRequest) -> HttpResponse:
    """Say of each what it opens, and decide which roles get it."""
    form = NewsForm(request.POST if request.method == "POST" else None, found=news())
    blockers, status = [], 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            settle(form.chosen(), by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            messages.success(request, _("Saved. It counts at once."))
            return redirect("staff:roles")
    context = {"form": form, "blockers": blockers, "navigation": "staff"}
    return render(request, "staff/rights/news.html", context, status=status)
