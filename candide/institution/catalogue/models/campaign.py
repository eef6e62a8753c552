"""Campaigns: yearly rounds of admissions, planned, in service, archived, destroyed."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet


class CampaignQuerySet(VisibleQuerySet):
    def as_subject(self) -> "CampaignQuerySet":
        return self.select_related("replaces", "replaced_by")

    def in_service(self) -> "CampaignQuerySet":
        return self.filter(is_active=True, archived_at=None)

    def running(self, today: date) -> "CampaignQuerySet":
        """Campaigns in service whose dates include `today` [CAMP-01]."""
        return self.in_service().filter(starts_on__lte=today, ends_on__gte=today)

    def open_to_candidates(self, today: date) -> "CampaignQuerySet":
        """Running campaigns in which accounts and applications may be created [CAMP-02]."""
        return self.running(today).filter(Q(candidates_until=None) | Q(candidates_until__gte=today))

    def planned(self) -> "CampaignQuerySet":
        """Those that are not in service yet."""
        return self.filter(is_active=False, archived_at=None)

    def to_switch(self, now: datetime) -> "CampaignQuerySet":
        """Planned ones whose moment has come."""
        return self.planned().filter(switch_at__lte=now)

    def to_archive(self, now: datetime) -> "CampaignQuerySet":
        """Those in service that end without another in their place, whose moment has come."""
        return self.in_service().filter(archive_at__lte=now)


class Campaign(models.Model):
    """A yearly round of admissions (« campagne »). Several may overlap.

    `is_active`, `activated_at` and `archived_at` are written by `domain/campaigns.py` when a
    campaign is made, and by the switch (« bascule »), nowhere else."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    label = I18nCharField(_("label"), max_length=500)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    candidates_until = models.DateField(
        _("end for candidates"),
        null=True,
        blank=True,
        help_text=_("After this day nobody creates an account or an application."),
    )
    replaces = models.OneToOneField(
        "self",
        verbose_name=_("takes the place of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        help_text=_("That campaign is archived when this one is put in service."),
    )
    replaces_id: int | None
    switch_at = models.DateTimeField(
        _("put in service on"),
        null=True,
        blank=True,
        help_text=_("Empty: at once. Needed where it takes the place of another campaign."),
    )
    archive_at = models.DateTimeField(
        _("archived on"),
        null=True,
        blank=True,
        help_text=_("Only for a campaign that ends without another one taking its place."),
    )
    is_active = models.BooleanField(_("in service"), default=True, editable=False)
    activated_at = models.DateTimeField(
        _("in service since"), null=True, blank=True, editable=False
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    announced_at = models.DateTimeField(
        _("destruction announced"), null=True, blank=True, editable=False
    )
    destroyed_at = models.DateTimeField(_("destroyed"), null=True, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | Q(switch_at__isnull=False),
                name="campaign_takes_a_place_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")),
                name="campaign_takes_the_place_of_another",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(archived_at__isnull=False),
                name="campaign_archived_before_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label) or self.code

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of it changes any more but what it is called."""
        return self.archived_at is not None

    @property
    def is_planned(self) -> bool:
        return not self.is_active and self.archived_at is None


declare(
    Campaign,
    neutral=(
        "id code label starts_on ends_on candidates_until replaces switch_at archive_at is_active "
        "activated_at archived_at announced_at destroyed_at"
    ),
)
