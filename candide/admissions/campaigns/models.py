"""What was destroyed of old campaigns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.institution.catalogue.models import Campaign


class Destruction(models.Model):
    """The destruction of what a campaign held in person: how far it is, and what it took away. The
    campaign, its openings and its figures stay."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="destruction")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("destruction of a campaign")

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(Destruction, neutral="id campaign begun_at finished_at counts")
