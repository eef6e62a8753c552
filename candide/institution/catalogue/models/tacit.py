"""After how many days without a decision an application is marked."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField

from candide.core.personal_data import declare
from candide.institution.catalogue.enums import TacitTone


class TacitThreshold(models.Model):
    """A mark for applications that wait so many days (« alerte SVA »)."""

    days = models.PositiveSmallIntegerField(
        _("days"),
        unique=True,
        validators=[MinValueValidator(1)],
        help_text=_("The mark stands from this day on, until that of the next threshold."),
    )
    label = I18nCharField(_("words of the mark"), max_length=100)
    tone = models.CharField(
        _("colour"), max_length=10, choices=TacitTone.choices, default=TacitTone.WARNING
    )
    is_active = models.BooleanField(_("in service"), default=True)

    class Meta:
        verbose_name = _("threshold of tacit decisions")
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1), name="tacit_from_one_day"),
        ]

    def __str__(self) -> str:
        return str(self.label)


declare(TacitThreshold, neutral="id days label tone is_active")
