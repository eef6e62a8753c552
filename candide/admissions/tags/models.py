"""Tags of the staff, and which application has which. Candidates never see any."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.admissions.tags.enums import TagColour
from candide.core.personal_data import declare


class Tag(models.Model):
    """A mark staff put on applications (« étiquette », « tag »): of the institution, or of a
    centre [back-office 12.5]."""

    label = models.CharField(_("label"), max_length=60)
    colour = models.CharField(
        _("colour"), max_length=10, choices=TagColour.choices, default=TagColour.GREY
    )
    centre = models.ForeignKey(
        "catalogue.ApplicationCentre",
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tags",
    )
    is_active = models.BooleanField(
        _("in service"),
        default=True,
        help_text=_("Out of service it is shown nowhere any more; applications keep it."),
    )

    class Meta:
        verbose_name = _("tag")
        constraints = [
            models.UniqueConstraint(
                fields=["label"], condition=Q(centre=None), name="tag_of_the_institution_once"
            ),
            models.UniqueConstraint(fields=["centre", "label"], name="tag_of_a_centre_once"),
        ]

    def __str__(self) -> str:
        return self.label


class Tagging(models.Model):
    """An application has a tag."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="taggings")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("application with this tag")
        constraints = [
            models.UniqueConstraint(fields=["application", "tag"], name="tagging_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.tag_id}"


declare(Tag, neutral="id label colour centre is_active")
declare(Tagging, personal="added_by", neutral="id application tag added_at")
