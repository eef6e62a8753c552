"""Lists that members of staff keep."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet


class SavedView(models.Model):
    """A search in the grid under a name (« vue »): what narrows it, its columns and order, as the
    address says them. It gives no right: who opens a shared one sees their own applications."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with all staff"), default=False)
    is_default = models.BooleanField(_("opened first"), default=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(is_default=True),
                name="saved_view_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


declare(SavedView, personal="owner", neutral="id name query is_shared is_default")
