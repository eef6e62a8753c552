"""Forms of templates of letters, and of what belongs to them."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.letter_templates import template_blockers
from candide.admissions.decisions.models import LetterTemplate
from candide.core.blockers import Blocker
from candide.web.staff.settings.decision_forms import DecisionSettingForm
from candide.web.staff.settings.forms import SettingForm


class LetterTemplateForm(DecisionSettingForm):
    """Which letter it is, is chosen once: what it may name depends on it."""

    parts = (
        (_("For which letters"), ("kind", "centre", "diploma_type", "programme_kind")),
        (_("What it says"), ("source", "has_logo", "header", "title", "body", "footer")),
    )

    class Meta(SettingForm.Meta):
        model = LetterTemplate
        fields = (
            "name",
            "kind",
            "centre",
            "diploma_type",
            "programme_kind",
            "source",
            "has_logo",
            "header",
            "title",
            "body",
            "footer",
            "is_active",
        )

    def narrow(self) -> None:
        super().narrow()
        row = self.instance
        self.fields["kind"].disabled = row.pk is not None
        for name, empty in (
            ("diploma_type", _("Every type of diploma")),
            ("programme_kind", _("Every kind of programme")),
        ):
            field = self.fields[name]
            field.empty_label = empty
            field.queryset = field.queryset.filter(is_active=True) | field.queryset.filter(
                pk=getattr(row, f"{name}_id")
            )
        self.fields["diploma_type"].queryset = self.fields["diploma_type"].queryset.order_by(
            "position", "code"
        )
        self.fields["source"].help_text = _(
            "Of a Word document the heading, the subject, the text and the foot are its own: what "
            "is written below is not used."
        )
        for widget in self.fields["body"].widget.widgets:
            widget.attrs["rows"] = 16
        self.fields["body"].help_text = _(
            "In Markdown, as mails; the variables are listed below the form. The date, the address "
            "of the candidate, the signature and the code to verify it by come by themselves."
        )

    def blockers(self) -> list[Blocker]:
        return template_blockers(self.instance)


class LetterPreviewForm(forms.Form):
    """In which language, and for whom; nobody: sample values."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    application = forms.IntegerField(
        label=_("Application number"),
        help_text=_("Empty: with the values of nobody."),
        required=False,
        min_value=1,
    )


class WordTemplateForm(forms.Form):
    """A Word document with merge fields."""

    file = forms.FileField(
        label=_("Word document"),
        help_text=_("A .docx with merge fields named as in the list of variables."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class SignatureForm(forms.Form):
    """The image of a signature."""

    file = forms.FileField(
        label=_("Image of the signature"),
        help_text=_("PNG or JPEG, 2 MB at most, on a white or transparent ground."),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
    )
