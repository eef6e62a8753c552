"""Forms of the decision settings."""

from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.web.staff.settings.forms import SettingForm


class DecisionSettingForm(SettingForm):
    """Of the institution, or of a centre to which such settings are opened."""

    def narrow(self) -> None:
        if not self.reach.everywhere:
            centres = self.fields["centre"].queryset
            self.fields["centre"].queryset = centres.filter(sets_decisions=True)


class DecisionReasonForm(DecisionSettingForm):
    class Meta(SettingForm.Meta):
        model = DecisionReason
        fields = ("code", "label", "centre", "is_active")


class DecisionTypeForm(DecisionSettingForm):
    """What a decision of this type means is chosen once: decisions that were released with it
    keep their meaning."""

    class Meta(SettingForm.Meta):
        model = DecisionType
        fields = (
            "code",
            "label",
            "outcome",
            "centre",
            "is_final",
            "is_transferred",
            "shows_comment",
            "is_active",
        )

    def narrow(self) -> None:
        super().narrow()
        self.fields["outcome"].disabled = self.instance.pk is not None
