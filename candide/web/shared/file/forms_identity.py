"""The two steps of « Informations personnelles » [FILE-INE-01, FILE-PER]."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.domain.identity import LOCKED_BY_IMPORT, IdentityEntry
from candide.admissions.candidates.domain.ine import LENGTH
from candide.admissions.candidates.domain.phones import shown_phone
from candide.admissions.candidates.enums import Civility
from candide.admissions.candidates.models import Candidate
from candide.institution.catalogue.domain.languages import languages_in_service
from candide.institution.reference.domain.queries import (
    birth_communes,
    countries,
    departments,
    nationalities,
)
from candide.institution.reference.models import FRANCE
from candide.web.shared.file.forms import Part, RowField, SectionForm, texts_of

DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%Y-%m-%d"]


def numbered(row: Any) -> str:
    """« 45 – Loiret »: people look for either."""
    return f"{row.code} – {row.label}"


def is_french(form: SectionForm, name: str) -> str:
    """Whether the country in the field `name` is France, as the key of a part."""
    return "fr" if form.raw(name) in {"", FRANCE} else "abroad"


class Suggesting(forms.TextInput):
    """A text with suggestions: anything may be typed, what is known is offered."""

    template_name = "shared/file/suggesting.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "form-control", **(attrs or {})})
        self.suggestions: list[str] = []

    def suggest(self, texts: Iterable[str]) -> None:
        self.suggestions = list(texts)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["suggestions"] = self.suggestions
        if self.suggestions:
            context["widget"]["attrs"]["list"] = f"{context['widget']['attrs']['id']}_known"
        return context


class NationalityForm(SectionForm):
    """First step: nationality and INE, the latter never mandatory."""

    nationality = RowField(
        label=_("Nationality"), label_of=lambda country: country.nationality_label
    )
    ine = forms.CharField(
        label=_("INE"),
        required=False,
        max_length=40,
        help_text=_(
            "11 characters, the key included, without space or dash. You may leave it empty and "
            "go on."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "size": LENGTH,
            }
        ),
    )

    layout = ("nationality", "ine")
    stored = ("nationality", "ine")

    def chain(self) -> None:
        self.default("nationality", FRANCE)
        self.offer("nationality", nationalities(), kept=self.kept("nationality"))

    def lock_ine(self, ine: str) -> None:
        """Show the INE the student system gave, not to be changed [FILE-INE-08]."""
        self.put("ine", ine)
        self.fields["ine"].disabled = True
        self.initial["ine"] = ine


class CivilStatusForm(SectionForm):
    """Second step: civil status, telephones, preferred language."""

    civility = forms.ChoiceField(
        label=_("Civility"), choices=Civility.choices, widget=forms.RadioSelect
    )
    birth_name = forms.CharField(
        label=_("Birth name"),
        max_length=100,
        help_text=_("As on your identity document."),
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    usual_name = forms.CharField(
        label=_("Usual name"),
        required=False,
        max_length=100,
        help_text=_("If it is not your birth name."),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    has_single_name = forms.BooleanField(label=_("I have one name only"), required=False)
    other_first_name = forms.CharField(
        label=_("Other first name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "additional-name"}),
    )
    born_on = forms.DateField(
        label=_("Date of birth"),
        input_formats=DAYS,
        help_text=_("Day, month and year, as 31/12/2005."),
        widget=forms.TextInput(
            attrs={"autocomplete": "bday", "inputmode": "numeric", "maxlength": 10, "size": 10}
        ),
    )
    birth_country = RowField(label=_("Country of birth"))
    birth_department = RowField(label=_("Département of birth"), label_of=numbered)
    birth_city = forms.CharField(label=_("Town of birth"), max_length=100, widget=Suggesting)
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    mobile = forms.CharField(
        label=_("Mobile telephone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Preferred language"),
        choices=languages_in_service,
        help_text=_("Of these pages, and of the mails you get."),
    )

    layout = (
        "civility",
        "birth_name",
        "usual_name",
        "first_name",
        "has_single_name",
        "other_first_name",
        "born_on",
        "birth_country",
        Part(
            "birthplace",
            (
                "birth_department",
                Part("birthtown", ("birth_city",), key=lambda form: form.raw("birth_department")),
            ),
            key=lambda form: is_french(form, "birth_country"),
        ),
        "phone",
        "mobile",
        "language",
    )
    stored = (*LOCKED_BY_IMPORT, "phone", "mobile", "has_single_name", "language")
    entry_class = IdentityEntry

    @classmethod
    def raw_of(cls, row: Candidate | None) -> dict[str, str]:
        if row is None:
            return {}
        return texts_of(row, LOCKED_BY_IMPORT) | {
            "phone": shown_phone(row.phone),
            "mobile": shown_phone(row.mobile),
            "has_single_name": "" if row.first_name else "on",
            "language": row.user.language,
        }

    def chain(self) -> None:
        self.default("birth_country", FRANCE)
        if self.raw("has_single_name"):
            self.fields["first_name"].required = False
        country = self.offer("birth_country", countries(), kept=self.kept("birth_country"))
        if country is None or not country.is_france:
            self.leave_out("birth_department")
            return
        department = self.offer(
            "birth_department", departments(), kept=self.kept("birth_department")
        )
        if department is not None:
            communes = birth_communes(department)
            self.fields["birth_city"].widget.suggest(
                dict.fromkeys(commune.name for commune in communes)
            )

    def lock_identity(self) -> None:
        """Leave out what the student system gave [FILE-PER-06]."""
        self.leave_out(*LOCKED_BY_IMPORT, "has_single_name")
