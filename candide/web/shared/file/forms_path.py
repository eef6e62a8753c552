"""One line of « Cursus externe », « Stages », « Expériences professionnelles »
[FILE-EXT-02, FILE-STG-01, FILE-PRO-01]."""

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.domain.path import (
    ExternalStudiesEntry,
    InternshipEntry,
    WorkEntry,
)
from candide.admissions.candidates.enums import StudyResult
from candide.institution.reference.domain.queries import diploma_families, diploma_honours
from candide.institution.reference.models import FRANCE
from candide.web.shared.file.forms import RowField, SectionForm, year_field
from candide.web.shared.file.forms_identity import numbered
from candide.web.shared.file.forms_place import SchoolChoice, school_part
from candide.web.shared.forms import LongTextField


class ExternalStudiesForm(SchoolChoice, SectionForm):
    secondary = False

    country = RowField(label=_("Country"))
    department = RowField(label=_("Département"), label_of=numbered)
    commune = RowField(label=_("Town"), required=False)
    school = RowField(
        label=_("Institution"),
        required=False,
        help_text=_(
            "IUTs are not in the list: they are parts of universities, so choose the university "
            "they belong to."
        ),
    )
    school_name = forms.CharField(
        label=_("Institution, if it is abroad or not in the list"), required=False, max_length=200
    )
    year = year_field(_("Year obtained"), help_text=_("Or the year it will be: four digits."))
    family = RowField(label=_("Programme"))
    label = forms.CharField(
        label=_("Name and level of the programme"),
        max_length=255,
        help_text=_(
            "Level, field (mention), speciality, track: as Licence 3 Droit, parcours public."
        ),
    )
    result = forms.ChoiceField(
        label=_("Obtained"),
        choices=[
            (StudyResult.OBTAINED, _("Yes")),
            (StudyResult.NOT_OBTAINED, _("No")),
            (StudyResult.IN_PROGRESS, _("In progress")),
        ],
        widget=forms.RadioSelect,
    )
    honours = RowField(label=_("Honours"), required=False)

    layout = ("country", school_part(), "year", "family", "label", "result", "honours")
    stored = (
        "country",
        "department",
        "commune",
        "school",
        "school_name",
        "year",
        "family",
        "label",
        "result",
        "honours",
    )
    entry_class = ExternalStudiesEntry

    def chain(self) -> None:
        self.default("country", FRANCE)
        self.chain_school()
        self.offer("family", diploma_families(), kept=self.kept("family"), choose_single=False)
        self.offer("honours", diploma_honours(), kept=self.kept("honours"), choose_single=False)


def _described(*, required: bool) -> forms.CharField:
    return LongTextField(
        label=_("Description"),
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you did there, in 500 characters at most."),
    )


class InternshipForm(SectionForm):
    year = year_field(_("Year"))
    duration = forms.CharField(label=_("Duration"), max_length=20, help_text=_("As 2 months."))
    weekly_hours = forms.IntegerField(
        label=_("Hours a week"),
        required=False,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3, "size": 3}),
    )
    organisation = forms.CharField(label=_("Employer or organisation"), max_length=50)
    description = _described(required=True)

    layout = ("year", "duration", "weekly_hours", "organisation", "description")
    stored = layout
    entry_class = InternshipEntry


class WorkForm(SectionForm):
    year = year_field(_("Year"))
    title = forms.CharField(label=_("Title of the job"), max_length=50)
    duration = forms.CharField(label=_("Duration"), max_length=20, help_text=_("As 2 months."))
    organisation = forms.CharField(label=_("Employer or organisation"), max_length=50)
    description = _described(required=False)

    layout = ("year", "title", "duration", "organisation", "description")
    stored = layout
    entry_class = WorkEntry
