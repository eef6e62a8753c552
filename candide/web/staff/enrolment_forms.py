"""Forms of what is settled for the enrolment of one candidate."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.enrolment import fees_mark, regime_mark
from candide.admissions.applications.models import Application
from candide.institution.reference.models import FeeExemption, StudyRegime


def amount_field(**kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Amount due, in euros"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        localize=True,
        **kwargs,
    )


def note_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Complement on the exemption"), required=False, max_length=200, **kwargs
    )


def row_field(model: type, label: Any, empty: Any, **kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        model.objects.none(), label=label, required=False, empty_label=empty, **kwargs
    )


def offered(model: type, chosen: int | None = None) -> QuerySet:
    """What may be chosen: what is in service, and what was chosen before."""
    return model.objects.filter(Q(is_active=True) | Q(pk=chosen)).in_order()


class FeesForm(forms.Form):
    """What one candidate will pay; `seen` is the mark of what the page showed."""

    prefix = "fees"
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    fee_amount = amount_field()
    fee_exemption = row_field(FeeExemption, _("Exemption"), _("None"))
    exemption_note = note_field(help_text=_("Mails and letters may say it."))

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        initial = {
            "seen": fees_mark(application),
            "fee_amount": application.fee_amount,
            "fee_exemption": application.fee_exemption_id,
            "exemption_note": application.exemption_note,
        }
        super().__init__(*args, initial=initial, **kwargs)
        rows = offered(FeeExemption, application.fee_exemption_id)
        self.fields["fee_exemption"].queryset = rows

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class RegimeForm(forms.Form):
    """Under which regime one candidate will enrol."""

    prefix = "regime"
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    study_regime = row_field(StudyRegime, _("Study regime"), _("Not entered"))

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        initial = {
            "seen": regime_mark(application),
            "study_regime": application.study_regime_id,
        }
        super().__init__(*args, initial=initial, **kwargs)
        rows = offered(StudyRegime, application.study_regime_id)
        self.fields["study_regime"].queryset = rows
