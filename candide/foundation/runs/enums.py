from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """Where a long work is: chosen, looked at beforehand, confirmed, ended."""

    PREPARED = "prepared", pgettext_lazy("long work", "In preparation")
    EXAMINING = "examining", pgettext_lazy("long work", "Being examined")
    EXAMINED = "examined", pgettext_lazy("long work", "To be confirmed")
    RUNNING = "running", pgettext_lazy("long work", "Running")
    STOPPED = "stopped", pgettext_lazy("long work", "Stopped")
    DONE = "done", pgettext_lazy("long work", "Done")


class ItemState(models.TextChoices):
    """What becomes of one item of a long work."""

    SELECTED = "selected", pgettext_lazy("item of a long work", "Not examined yet")
    READY = "ready", pgettext_lazy("item of a long work", "To be done")
    DONE = "done", pgettext_lazy("item of a long work", "Done")
    NEEDLESS = "needless", pgettext_lazy("item of a long work", "Already so")
    REFUSED = "refused", pgettext_lazy("item of a long work", "Refused")
    FAILED = "failed", pgettext_lazy("item of a long work", "Failed")


class RunEvent(models.TextChoices):
    """What people do to a long work."""

    CONFIRMED = "runs.confirmed", _("Confirmed")
    STOPPED = "runs.stopped", _("Stopped")
    RESUMED = "runs.resumed", _("Resumed")
