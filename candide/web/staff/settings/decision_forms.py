"""Forms of the decision settings."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.decisions.domain.decision_mails import chosen_mail_blockers, decision_mails
from candide.admissions.decisions.models import DecisionReason, DecisionType
from candide.core.blockers import Blocker
from candide.institution.mails.kinds import find_kind
from candide.institution.mails.models import MailTemplate
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
            "mail",
            "is_final",
            "is_transferred",
            "shows_comment",
            "is_active",
        )

    def narrow(self) -> None:
        super().narrow()
        self.fields["outcome"].disabled = self.instance.pk is not None
        mail = self.fields["mail"]
        here = decision_mails().filter(is_enabled=True)
        if not self.reach.everywhere:
            here = here.filter(Q(centre=None) | Q(centre__in=self.reach.centres))
        if self.instance.mail_id:
            here |= decision_mails().filter(pk=self.instance.mail_id)
        mail.queryset = here.select_related("centre").order_by("kind", "name", "pk")
        mail.empty_label = _("The mail of its meaning")
        mail.label_from_instance = _named

    def blockers(self) -> list[Blocker]:
        return chosen_mail_blockers(self.instance)


def _named(mail: MailTemplate) -> str:
    """A decision mail by its name, what it announces and whose it is."""
    parts = [mail.name, str(find_kind(mail.kind).title), str(mail.centre or "")]
    return " – ".join(part for part in parts if part)
