from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DownloadState(models.TextChoices):
    """How far a file that was asked for is."""

    WAITING = "waiting", pgettext_lazy("file asked for", "In preparation")
    READY = "ready", pgettext_lazy("file asked for", "Ready")
    STOPPED = "stopped", pgettext_lazy("file asked for", "Stopped")
    FAILED = "failed", pgettext_lazy("file asked for", "Failed")
    EXPIRED = "expired", pgettext_lazy("file asked for", "Expired")


class DownloadEvent(models.TextChoices):
    """What happens to a file that was asked for."""

    ASKED = "downloads.asked", _("Asked for an export")
    MADE = "downloads.made", _("Export ready")
    TAKEN = "downloads.taken", _("Took an export")
    STOPPED = "downloads.stopped", _("Stopped an export")
    RESUMED = "downloads.resumed", _("Asked for an export again")
    DELETED = "downloads.deleted", _("Deleted an export")
