"""What members of staff keep to export with."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.catalogue.models import ApplicationCentre


class ExportTemplate(models.Model):
    """Chosen columns under a name (« modèle d'export »). It is its owner's alone, or `is_shared`
    with all staff, or with those who see applications of `centre`. It gives no right: who uses a
    shared one exports their own applications."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export_templates"
    )
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(default=list)
    format = models.CharField(max_length=4, default="xlsx")
    is_shared = models.BooleanField(_("shared"), default=False)
    # CASCADE: a choice of columns is worth no more than the centre it was shared with.
    centre = models.ForeignKey(
        ApplicationCentre,
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="export_templates",
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("export template")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="export_template_name_once"),
            models.CheckConstraint(
                condition=Q(centre=None) | Q(is_shared=True),
                name="export_template_of_a_centre_is_shared",
            ),
        ]

    def __str__(self) -> str:
        return self.name


declare(ExportTemplate, personal="owner", neutral="id name columns format is_shared centre")
