from django.db import models
from django.utils.translation import gettext_lazy as _


class RowEvent(models.TextChoices):
    """What happens to a row of the settings."""

    CREATED = "row_created", _("Created")
    CHANGED = "row_changed", _("Changed")
    DELETED = "row_deleted", _("Deleted")
