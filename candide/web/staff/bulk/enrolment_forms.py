"""What the actions on fees and regimes are told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.web.staff.bulk.action_form import ActionForm
from candide.web.staff.enrolment_forms import amount_field, note_field, offered, row_field


class ManyFeesForm(ActionForm):
    """What is not filled in stays as each application has it; emptying is asked by its name."""

    fee_amount = amount_field()
    fee_exemption = row_field(FeeExemption, _("Exemption"), _("As each has it"))
    exemption_note = note_field()
    clear = forms.MultipleChoiceField(
        label=_("Empty"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("fee_amount", _("the amount due")),
            ("fee_exemption", _("the exemption")),
            ("exemption_note", _("the complement")),
        ],
        help_text=_("What is neither filled in nor emptied stays as each application has it."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["fee_exemption"].queryset = offered(FeeExemption)

    def values(self) -> dict[str, Any]:
        amount = self.cleaned_data["fee_amount"]
        return super().values() | {"fee_amount": None if amount is None else str(amount)}


class ManyRegimesForm(ActionForm):
    """One regime for all, or none any more."""

    study_regime = row_field(StudyRegime, _("Study regime"), _("Choose"))
    clear = forms.BooleanField(label=_("Empty the regime instead"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["study_regime"].queryset = offered(StudyRegime)
