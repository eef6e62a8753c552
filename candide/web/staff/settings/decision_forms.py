"""Forms of the decision settings."""

from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.web.staff.settings.forms import SettingForm


class DecisionReasonForm(SettingForm):
    class Meta(SettingForm.Meta):
        model = DecisionReason
        fields = ("code", "label", "centre", "is_active")


class DecisionTypeForm(SettingForm):
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
        self.fields["outcome"].disabled = self.instance.pk is not None
