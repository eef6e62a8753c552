from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReleaseState(models.TextChoices):
    """Where a release is: open while it is prepared and decided upon, to be done at its hour, done,
    given up. How far the preparing is, its long work tells."""

    OPEN = "open", pgettext_lazy("release", "Being prepared")
    PLANNED = "planned", pgettext_lazy("release", "Planned")
    DONE = "done", pgettext_lazy("release", "Done")
    GIVEN_UP = "given_up", pgettext_lazy("release", "Given up")


class RowState(models.TextChoices):
    """What becomes of one decision of a release."""

    WAITING = "waiting", pgettext_lazy("decision of a release", "Not prepared")
    PREPARED = "prepared", pgettext_lazy("decision of a release", "Prepared")
    RELEASED = "released", pgettext_lazy("decision of a release", "Released")
    REFUSED = "refused", pgettext_lazy("decision of a release", "Not released")


class ReleaseEvent(models.TextChoices):
    """What people and the worker do to a release."""

    BEGUN = "releases.begun", _("Release of decisions prepared")
    PREPARED_AGAIN = "releases.prepared_again", _("Release prepared again")
    AGREED = "releases.agreed", _("Release agreed to")
    PLANNED = "releases.planned", _("Release planned")
    UNPLANNED = "releases.unplanned", _("Release no longer planned")
    GIVEN_UP = "releases.given_up", _("Release given up")
    DONE = "releases.done", _("Decisions released")
    PREVENTED = "releases.prevented", _("Release prevented at its hour")
