"""Forms for giving people roles: strings into values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.institution.access.domain.giving import Right
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.institution.access.scope import reach_of
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.domain.words import is_name
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.catalogue.models import ApplicationCentre, Commission
from candide.web.staff.settings.forms import in_reach

EVERYWHERE, CENTRE, COMMISSION = "institution", "centre", "commission"


class PlaceField(forms.ChoiceField):
    """The whole institution, a centre or a commission, among those where `narrow` finds somebody
    in charge of rights."""

    def narrow(self, user: Any, *, write: bool = False) -> None:
        reach = reach_of(user, Capability.MANAGE_STAFF, write=write)
        centres = in_reach(ApplicationCentre.objects.all(), reach, centre="pk")
        commissions = in_reach(
            Commission.objects.all(), reach, centre="centre", commission="pk"
        ).select_related("centre")
        self.centres = {str(each.pk): each for each in centres.order_by("code")}
        self.commissions = {
            str(each.pk): each for each in commissions.order_by("centre__code", "code")
        }
        choices: list[Any] = [("", _("Choose"))]
        if reach.everywhere:
            choices.append((EVERYWHERE, _("The whole institution")))
        if self.centres:
            names = [(f"{CENTRE}-{pk}", str(each)) for pk, each in self.centres.items()]
            choices.append((_("A centre"), names))
        if self.commissions:
            names = [
                (f"{COMMISSION}-{pk}", f"{each} ({each.centre})")
                for pk, each in self.commissions.items()
            ]
            choices.append((_("A commission"), names))
        self.choices = choices

    def chosen(self, value: str) -> tuple[ApplicationCentre | None, Commission | None]:
        """The centre and the commission of a valid choice; neither: the whole institution."""
        kind, _sep, key = value.partition("-")
        return (
            self.centres[key] if kind == CENTRE else None,
            self.commissions[key] if kind == COMMISSION else None,
        )


class RightForm(forms.Form):
    """A role and where it holds, among the places where `user` gives rights. `confirmed` is what
    the person was warned of and wants all the same."""

    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)
    role = forms.ModelChoiceField(RoleProfile.objects.none(), label=_("Role"))
    place = PlaceField(label=_("Where"))
    is_chair = forms.BooleanField(
        label=_("Chairs the commission"), required=False, help_text=_("For information only.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = RoleProfile.objects.filter(is_active=True).order_by(
            "name", "pk"
        )
        self.fields["place"].narrow(user, write=True)

    def right(self) -> Right:
        values = self.cleaned_data
        centre, commission = self.fields["place"].chosen(values["place"])
        return Right(
            role=values["role"],
            centre=centre,
            commission=commission,
            is_chair=values["is_chair"],
        )


class PersonForm(RightForm):
    """The same, for somebody known by address. Names serve where there is no account yet."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=100,
        required=False,
        help_text=_("First and last name serve to invite somebody who has no account yet."),
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=languages_in_service)

    field_order = ("email", "first_name", "last_name", "language", "role", "place", "is_chair")

    def _clean_name(self, name: str) -> str:
        typed = self.cleaned_data[name]
        if typed and not is_name(typed):
            raise forms.ValidationError(_("Letters, spaces, apostrophes and hyphens only."))
        return typed

    def clean_first_name(self) -> str:
        return self._clean_name("first_name")

    def clean_last_name(self) -> str:
        return self._clean_name("last_name")

    def is_nameless(self) -> bool:
        """Says at the fields that somebody who is invited has a name."""
        empty = [name for name in ("first_name", "last_name") if not self.cleaned_data[name]]
        for name in empty:
            self.add_error(name, _("This address has no account yet: whom is to be invited?"))
        return bool(empty)

    def colleague(self) -> Colleague:
        values = self.cleaned_data
        return Colleague(
            email=values["email"],
            first_name=values["first_name"],
            last_name=values["last_name"],
            language=values["language"],
        )
