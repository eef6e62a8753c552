"""What is kept of the figures of a campaign whose applications were destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.institution.catalogue.models import Campaign, Intake


class KeptFigures(models.Model):
    """The figures of one opening: each with its number, how many applied and transmitted on each
    day, how many waited how many days. Numbers only: nobody can be found in them."""

    intake = models.OneToOneField(Intake, on_delete=models.PROTECT, related_name="kept_figures")
    numbers = models.JSONField(default=dict)
    days = models.JSONField(default=dict)
    delays = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kept figures of an opening")

    def __str__(self) -> str:
        return f"#{self.pk}"


class KeptPeople(models.Model):
    """How many people there were in a campaign: `candidates` in all and in each centre, commission
    and opening, by "all", "centre:1", since whoever applied twice counts once."""

    campaign = models.OneToOneField(Campaign, on_delete=models.PROTECT, related_name="kept_people")
    accounts = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    candidates = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("kept numbers of people")

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(KeptFigures, neutral="id intake numbers days delays")
declare(KeptPeople, neutral="id campaign accounts files candidates")
