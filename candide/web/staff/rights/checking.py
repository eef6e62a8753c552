"""« Vérifier les droits »: what a person can do, and who has access."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.core.views import permission_required
from candide.institution.access.domain.checking import Place, openings, who_has_access
from candide.institution.access.domain.giving import find_person
from candide.institution.access.domain.people import people_within
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.accounts.models import User
from candide.web.staff.rights.forms import LEVELS, READ, WRITE
from candide.web.staff.rights.people_forms import PlaceField


class CheckForm(forms.Form):
    """Whose rights, and where: a place, or that of an application. Without a person: who has
    access there."""

    email = forms.EmailField(
        label=_("E-mail address of the person"),
        required=False,
        help_text=_("Empty: everybody who has access."),
    )
    place = PlaceField(label=_("Where"), required=False)
    application = forms.IntegerField(
        label=_("Or an application"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        help_text=_("Its number, at the end of the address of its page."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.person: User | None = None
        self.found: Application | None = None
        self.fields["place"].narrow(user)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        known = find_person(email) if email else None
        if known is not None:
            self.person = people_within(self.user).filter(pk=known.pk).first()
        if email and self.person is None:
            raise forms.ValidationError(_("Nobody with this address works where you see rights."))
        return email

    def clean_application(self) -> int | None:
        number = self.cleaned_data["application"]
        if number is not None:
            reach = within(self.user, Capability.MANAGE_STAFF, "intake__programme__commission")
            self.found = (
                Application.objects.filter(reach, pk=number)
                .select_related("intake__programme__commission__centre")
                .first()
            )
            if self.found is None:
                raise forms.ValidationError(_("No such application where you see rights."))
        return number

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("place") and not self.found:
            self.add_error("place", _("Choose a place, or name an application."))
        return values

    def where(self) -> Place:
        if self.found is not None:
            return Place(programme=self.found.intake.programme)
        return Place(**self.fields["place"].chosen(self.cleaned_data["place"]))


@permission_required("access.view_people")
def check(request: HttpRequest) -> HttpResponse:
    """What somebody can do there, and by which role; or everybody who has access."""
    form = CheckForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form, "navigation": "staff", "place": None}
    if form.is_bound and form.is_valid():
        place = form.where()
        context |= {"place": place, "person": form.person, "application": form.found}
        if form.person is not None:
            context["openings"] = [
                (each.capability.label, LEVELS[WRITE if each.can_write else READ], each.sources)
                for each in openings(form.person, place)
            ]
        else:
            known = set(people_within(request.user).values_list("pk", flat=True))
            context["reaching"] = [(each, each.user_id in known) for each in who_has_access(place)]
    return render(request, "staff/rights/check.html", context)
