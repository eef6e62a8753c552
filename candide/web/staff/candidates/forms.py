"""What staff enter of a candidate's account."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from candide.core.blockers import Blocker
from candide.institution.accounts.domain.opening import AccountEntry

SEEN = "candide.web.staff.candidates"


class BlockedForm(forms.Form):
    """A form whose blockers stand at their fields."""

    def add_blockers(self, blockers: list[Blocker]) -> list[Blocker]:
        """Put each at its field; returns those about no field."""
        elsewhere = []
        for blocker in blockers:
            name = blocker.about.removeprefix("field:")
            if name in self.fields:
                self.add_error(name, blocker.message)
            else:
                elsewhere.append(blocker)
        return elsewhere


class AccountForm(BlockedForm):
    """The account of a candidate. `seen` is what was looked at."""

    last_name = forms.CharField(label=_("Last name"), max_length=100)
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    language = forms.ChoiceField(
        label=_("Preferred language"),
        choices=settings.LANGUAGES,
        help_text=_("Of the pages, and of the mails the candidate gets."),
    )
    student_number = forms.CharField(
        label=_("Student number"),
        max_length=30,
        required=False,
        help_text=_("If the person is or was a student here."),
    )
    is_continuing_education = forms.BooleanField(
        label=_("Continuing education"),
        required=False,
        help_text=_("The person applies as somebody who works or worked. It changes nothing else."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def __init__(self, *args: Any, entry: AccountEntry | None = None, **kwargs: Any) -> None:
        initial = {} if entry is None else {**vars(entry), "seen": mark_of(entry)}
        super().__init__(*args, initial=initial, **kwargs)

    def entry(self) -> AccountEntry:
        values = self.cleaned_data
        return AccountEntry(**{name: values[name] for name in AccountEntry.__dataclass_fields__})

    def seen_entry(self) -> AccountEntry | None:
        """What the form was filled with; None for one nobody can have been shown."""
        try:
            return AccountEntry(**signing.loads(self.cleaned_data["seen"], salt=SEEN))
        except signing.BadSignature:
            return None

    def look_again(self, entry: AccountEntry) -> None:
        """Who sends it again has seen `entry`."""
        self.data = self.data.copy()
        self.data["seen"] = mark_of(entry)


def mark_of(entry: AccountEntry) -> str:
    return signing.dumps(vars(entry), salt=SEEN)


class OpeningForm(AccountForm):
    """A new account; the address is typed twice, since everything is sent to it."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    email_again = forms.EmailField(label=_("E-mail address, again"), max_length=254)

    field_order = ("last_name", "first_name", "email", "email_again")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        one, other = (str(values.get(name, "")).lower() for name in ("email", "email_again"))
        if one and other and one != other:
            self.add_error("email_again", _("The two addresses differ."))
        return values


class AddressForm(BlockedForm):
    """Another address for an account."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254)


class DeletionForm(forms.Form):
    """Whether to tell the person."""

    with_mail = forms.BooleanField(label=_("Tell the person by mail"), required=False, initial=True)
