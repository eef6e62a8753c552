"""What the page of an application shows of its hand-over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.admissions.handover.domain.codes import (
    code_mark,
    code_warnings,
    entering_blockers,
    pre_enrolment_of,
)
from candide.admissions.handover.models import PreEnrolment


class CodeForm(forms.Form):
    """The code somebody enrols with; `seen` is the mark of what the page showed."""

    prefix = "code"
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Enrolment code"),
        max_length=10,
        help_text=_("As the student system gave it: up to ten digits and capital letters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    with_mail = forms.BooleanField(label=_("Tell the candidate by mail"), required=False)

    def __init__(self, *args: Any, row: PreEnrolment | None, **kwargs: Any) -> None:
        code = row.code if row else ""
        initial = {"seen": code_mark(row), "code": code, "with_mail": True}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_code(self) -> str:
        return self.cleaned_data["code"].strip().upper()


def handover_beside(application: Application, user: Any) -> dict[str, Any]:
    """Where its hand-over is, and entering its code by those who may."""
    row = pre_enrolment_of(application)
    if row is not None:
        row.application = application
    enters = user.has_perm("handover.enter_code", application)
    may_enter = enters and not entering_blockers(application)
    return {
        "pre_enrolment": row,
        "sees_handover": row is not None and user.has_perm("handover.view", row),
        "code_form": CodeForm(row=row) if may_enter else None,
        "code_warnings": code_warnings(application) if may_enter and row is not None else [],
    }
