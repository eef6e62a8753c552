"""Centres and commissions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.institution.catalogue.enums import AlertMode, CopyMode, LetterMode


class ApplicationCentre(models.Model):
    """A faculty or institute that takes applications (« centre de candidature »)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = I18nCharField(_("name"), max_length=500)
    is_active = models.BooleanField(_("in service"), default=True)
    copy_mode = models.CharField(
        _("copy of mails to candidates"),
        max_length=10,
        choices=CopyMode.choices,
        default=CopyMode.NONE,
    )
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    max_applications = models.PositiveSmallIntegerField(_("applications at most"), default=20)
    information = I18nTextField(_("further information"), blank=True)
    # What a new opening of one of its programmes begins with [5.1]; changing it changes none that
    # there are. `information` above belongs to it.
    is_paperless = models.BooleanField(_("transmitted online"), default=True)
    has_automatic_reserve_list = models.BooleanField(
        _("call the reserve list automatically"), default=False
    )
    opens_on = models.DateField(_("applications from"), null=True, blank=True)
    closes_on = models.DateField(_("applications until"), null=True, blank=True)
    documents_due_on = models.DateField(_("dossiers due"), null=True, blank=True)
    screening_on = models.DateField(_("screening"), null=True, blank=True)
    jury_on = models.DateField(_("jury"), null=True, blank=True)
    results_on = models.DateField(_("results"), null=True, blank=True)
    acceptance_due_on = models.DateField(_("answers due"), null=True, blank=True)
    acceptance_days = models.PositiveSmallIntegerField(
        _("days to answer after the decision"), null=True, blank=True
    )
    reserve_acceptance_due_on = models.DateField(
        _("answers due, reserve list"), null=True, blank=True
    )
    reserve_acceptance_days = models.PositiveSmallIntegerField(
        _("days to answer, reserve list"), null=True, blank=True
    )
    sets_decisions = models.BooleanField(
        _("sets up its own decisions and mails"),
        default=False,
        help_text=_(
            "Its managers then have types of decision, reasons and mails of their own beside those "
            "of the institution."
        ),
    )

    class Meta:
        verbose_name = _("application centre")
        constraints = [
            models.CheckConstraint(
                condition=Q(acceptance_due_on=None) | Q(acceptance_days=None),
                name="centre_one_way_to_fix_the_answer",
            ),
            models.CheckConstraint(
                condition=Q(reserve_acceptance_due_on=None) | Q(reserve_acceptance_days=None),
                name="centre_one_way_to_fix_the_reserve_answer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Commission(models.Model):
    """Who examines applications (« commission »); its address is what candidates see."""

    centre = models.ForeignKey(
        ApplicationCentre,
        verbose_name=_("centre"),
        on_delete=models.PROTECT,
        related_name="commissions",
    )
    code = models.CharField(_("code"), max_length=30, unique=True)
    name = I18nCharField(_("name"), max_length=500)
    is_active = models.BooleanField(_("in service"), default=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    fax = models.CharField(_("fax"), max_length=20, blank=True)
    url = models.URLField(_("web page"), max_length=255, blank=True)
    address_1 = models.CharField(_("address"), max_length=38)
    address_2 = models.CharField(_("address, line 2"), max_length=38, blank=True)
    address_3 = models.CharField(_("address, line 3"), max_length=38, blank=True)
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    city = models.CharField(_("town"), max_length=60, blank=True)
    return_comment = I18nTextField(_("comment on returning dossiers"), blank=True)
    alert_mode = models.CharField(
        _("alerts go to"), max_length=10, choices=AlertMode.choices, default=AlertMode.MAILBOX
    )
    alert_email = models.EmailField(_("alert e-mail"), blank=True)
    alerts_proposals = models.BooleanField(_("alert: proposal"), default=True)
    alerts_cancellations = models.BooleanField(_("alert: cancellation"), default=True)
    alerts_transmissions = models.BooleanField(_("alert: transmission"), default=True)
    alerts_withdrawals = models.BooleanField(_("alert: withdrawal"), default=True)
    alerts_messages = models.BooleanField(_("alert: message from a candidate"), default=True)
    alerts_promotions = models.BooleanField(_("alert: promotion"), default=True)
    letter_mode = models.CharField(
        _("letters"), max_length=10, choices=LetterMode.choices, default=LetterMode.NONE
    )
    signatory = models.CharField(_("signatory"), max_length=255, blank=True)
    signature = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("image of the signature"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("commission")

    def __str__(self) -> str:
        return str(self.name)

    @property
    def address_lines(self) -> list[str]:
        """The postal address, a line each, empty ones left out [FILE-ADR-04]."""
        town = f"{self.postcode} {self.city}".strip()
        return [line for line in (self.address_1, self.address_2, self.address_3, town) if line]


declare(
    ApplicationCentre,
    neutral=(
        "id code name is_active copy_mode contact_email max_applications information "
        "sets_decisions is_paperless has_automatic_reserve_list opens_on closes_on "
        "documents_due_on screening_on jury_on results_on acceptance_due_on acceptance_days "
        "reserve_acceptance_due_on reserve_acceptance_days"
    ),
)
declare(
    Commission,
    neutral=(
        "id centre code name is_active email phone fax url address_1 address_2 address_3 postcode "
        "city return_comment alert_mode alert_email alerts_proposals alerts_cancellations "
        "alerts_transmissions alerts_withdrawals alerts_messages alerts_promotions letter_mode"
    ),
    personal="signatory signature",
)
