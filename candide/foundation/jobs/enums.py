from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunStatus(models.TextChoices):
    """What became of one run of a job."""

    ASKED = "asked", pgettext_lazy("run of a job", "Asked for")
    RUNNING = "running", pgettext_lazy("run of a job", "Running")
    DONE = "done", pgettext_lazy("run of a job", "Done")
    FAILED = "failed", pgettext_lazy("run of a job", "Failed")
    ABANDONED = "abandoned", pgettext_lazy("run of a job", "Interrupted")


class TroubleKind(models.TextChoices):
    """What may be wrong with a job."""

    FAILED = "failed", _("It failed")
    LATE = "late", _("It is late")


class JobEvent(models.TextChoices):
    """What staff do to the schedule of a job."""

    AGREED = "job-agreed", _("Agreed to the job")
    SWITCHED_ON = "job-switched-on", _("Switched the job on")
    SWITCHED_OFF = "job-switched-off", _("Switched the job off")
    PLANNED = "job-planned", _("Changed when the job runs")
    ASKED_FOR = "job-asked-for", _("Asked for the job now")
    NOT_ASKED = "job-not-asked", _("Took back what was asked for")
