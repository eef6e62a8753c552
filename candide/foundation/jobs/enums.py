from django.db import models
from django.utils.translation import gettext_lazy as _


class RunStatus(models.TextChoices):
    """What became of one run of a job."""

    ASKED = "asked", _("Asked for")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    ABANDONED = "abandoned", _("Interrupted")


class JobEvent(models.TextChoices):
    """What staff do to the schedule of a job."""

    AGREED = "job-agreed", _("Agreed to the job")
    SWITCHED_ON = "job-switched-on", _("Switched the job on")
    SWITCHED_OFF = "job-switched-off", _("Switched the job off")
    HOUR_CHANGED = "job-hour-changed", _("Changed the hour of the job")
    ASKED_FOR = "job-asked-for", _("Asked for the job now")
