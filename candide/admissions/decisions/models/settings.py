"""What kinds of decisions and reasons an institution uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from candide.admissions.applications.enums import Outcome
from candide.core.personal_data import declare
from candide.institution.catalogue.models import ApplicationCentre, Intake
from candide.institution.mails.models import MailTemplate


class DecisionType(models.Model):
    """A decision as this institution words it (« type de décision »); `outcome` is its meaning."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    label = I18nCharField(_("label"), max_length=500)
    outcome = models.CharField(_("meaning"), max_length=20, choices=Outcome.choices)
    centre = models.ForeignKey(
        ApplicationCentre, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mail = models.ForeignKey(
        MailTemplate,
        verbose_name=_("mail"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("What is sent when such a decision is released; else the mail of its meaning."),
    )
    is_final = models.BooleanField(_("final"), default=False)
    is_transferred = models.BooleanField(_("handed to the student system"), default=False)
    shows_comment = models.BooleanField(_("the candidate sees the comment"), default=True)
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("type of decision")

    def __str__(self) -> str:
        return str(self.label)


class DecisionReason(models.Model):
    """Why a decision is unfavourable (« motivation d’avis »)."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    label = I18nCharField(_("label"), max_length=500)
    centre = models.ForeignKey(
        ApplicationCentre, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("reason")

    def __str__(self) -> str:
        return str(self.label)


class GivenDecisions(models.Model):
    """The types of decision that are given by themselves: to a proposal, and to who is called from
    the reserve list."""

    favourable = models.ForeignKey(
        DecisionType,
        verbose_name=_("automatic favourable decision"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    called = models.ForeignKey(
        DecisionType,
        verbose_name=_("favourable decision from the reserve list"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True


class IntakeDecisions(GivenDecisions):
    """Which types of decision an intake gives by itself."""

    intake = models.OneToOneField(Intake, on_delete=models.CASCADE, related_name="decisions")

    class Meta:
        verbose_name = _("decisions of an intake")

    def __str__(self) -> str:
        return f"{self.intake_id}"


class CentreDecisions(GivenDecisions):
    """Which types of decision the new openings of a centre begin with [back-office 5.1]."""

    centre = models.OneToOneField(
        ApplicationCentre, on_delete=models.CASCADE, related_name="decisions"
    )

    class Meta:
        verbose_name = _("decisions new openings of a centre begin with")

    def __str__(self) -> str:
        return f"{self.centre_id}"


declare(
    DecisionType,
    neutral="id code label outcome centre mail is_final is_transferred shows_comment is_active",
)
declare(DecisionReason, neutral="id code label centre is_active")
declare(IntakeDecisions, neutral="id intake favourable called")
declare(CentreDecisions, neutral="id centre favourable called")
