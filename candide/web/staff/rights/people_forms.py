"""Forms for giving people roles: strings into values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.institution.access.domain.giving import Right, in_commissions
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from candide.institution.access.scope import reach_of
from candide.institution.accounts.domain.invitation import Colleague
from candide.institution.accounts.domain.words import is_name
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.catalogue.models import ApplicationCentre, Commission, Programme
from candide.integrations.directory.port import DirectoryPerson
from candide.web.staff.settings.forms import in_reach

EVERYWHERE, CENTRE, COMMISSION = "institution", "centre", "commission"
PROGRAMME = "programme"
NARROW = "narrow"


class PlaceField(forms.ChoiceField):
    """The whole institution, a centre, a commission or a programme, among those where `narrow`
    finds somebody in charge of rights."""

    def narrow(self, user: Any, *, write: bool = False) -> None:
        reach = reach_of(user, Capability.MANAGE_STAFF, write=write)
        centres = in_reach(ApplicationCentre.objects.all(), reach, centre="pk")
        commissions = in_reach(
            Commission.objects.all(), reach, centre="centre", commission="pk"
        ).select_related("centre")
        programmes = in_reach(
            Programme.objects.all(), reach, centre="commission__centre", commission="commission"
        ).select_related("commission__centre")
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
        self.programmes = {
            str(each.pk): each for each in programmes.order_by("commission__centre__code", "code")
        }
        if self.programmes:
            names = [
                (f"{PROGRAMME}-{pk}", f"{each} ({each.commission})")
                for pk, each in self.programmes.items()
            ]
            choices.append((_("A programme"), names))
        self.choices = choices

    def chosen(self, value: str) -> dict[str, Any]:
        """The centre, the commission or the programme of a valid choice; none: the institution."""
        kind, _sep, key = value.partition("-")
        return {
            "centre": self.centres[key] if kind == CENTRE else None,
            "commission": self.commissions[key] if kind == COMMISSION else None,
            "programme": self.programmes[key] if kind == PROGRAMME else None,
        }

    def commissions_of(self, value: str) -> list[Commission]:
        """The commissions of the chosen centre; none where something else is chosen."""
        kind, _sep, key = value.partition("-")
        return [
            each
            for each in self.commissions.values()
            if kind == CENTRE and str(each.centre_id) == key
        ]


def last_day() -> forms.DateField:
    return forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The role stops by itself the day after. Empty: it goes on."),
    )


def comment() -> forms.CharField:
    return forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=500,
        help_text=_("Seen by those who look after rights."),
    )


class TermForm(forms.Form):
    """Until when a role is held, and why."""

    ends_on = last_day()
    comment = comment()


class RightForm(forms.Form):
    """A role and where it holds, among the places where `user` gives rights. `confirmed` is what
    the person was warned of and wants all the same."""

    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)
    role = forms.ModelChoiceField(RoleProfile.objects.none(), label=_("Role"))
    place = PlaceField(label=_("Where"))
    commissions = forms.MultipleChoiceField(
        label=_("Only these commissions of the centre"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: the whole centre, with the commissions it will have."),
    )
    is_chair = forms.BooleanField(
        label=_("Chairs the commission"), required=False, help_text=_("For information only.")
    )
    ends_on = last_day()
    comment = comment()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = RoleProfile.objects.filter(is_active=True).order_by(
            "name", "pk"
        )
        place = self.fields["place"]
        place.narrow(user, write=True)
        here = place.commissions_of(self.data.get("place", "")) if self.is_bound else []
        if here and (self.is_narrowing or "commissions" in self.data):
            names = [(str(each.pk), str(each)) for each in here]
            self.fields["commissions"].choices = names
        else:
            del self.fields["commissions"]

    @property
    def is_narrowing(self) -> bool:
        """Whether the person asked to choose among the commissions of the centre."""
        return NARROW in self.data

    def rights(self) -> list[Right]:
        """The role where it is to hold: in one place, or in each commission that is ticked."""
        values, place = self.cleaned_data, self.fields["place"]
        right = Right(
            role=values["role"],
            **place.chosen(values["place"]),
            is_chair=values["is_chair"],
            ends_on=values["ends_on"],
            comment=values["comment"],
        )
        ticked = [place.commissions[pk] for pk in values.get("commissions", ())]
        return in_commissions(right, ticked)


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

    # Whom the directory knows: its login, as the search brought it here.
    uid = forms.CharField(widget=forms.HiddenInput, required=False, max_length=100)

    field_order = ("email", "first_name", "last_name", "language", "role", "place")

    def __init__(self, *args: Any, person: DirectoryPerson | None = None, **kwargs: Any) -> None:
        """`person` is whom the directory found: their address is not typed anew."""
        super().__init__(*args, **kwargs)
        self.person = person
        if person is not None:
            self.initial |= {
                "uid": person.uid,
                "email": person.email,
                "first_name": person.first_name,
                "last_name": person.last_name,
            }
            self.fields["email"].disabled = True

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
            directory_id=self.person.uid if self.person else "",
        )
