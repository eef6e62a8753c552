from django.db import models
from django.utils.translation import gettext_lazy as _


class DecisionEvent(models.TextChoices):
    """What the history says of decisions and answers."""

    ENTERED = "decisions.entered", _("Decision entered")
    CHANGED = "decisions.changed", _("Draft of a decision changed")
    DELETED = "decisions.deleted", _("Draft of a decision deleted")
    RELEASED = "decisions.released", _("Decision released")
    PROMOTED = "decisions.promoted", _("Called from the reserve list")
    ACCEPTED = "decisions.accepted", _("Offer accepted")
    WITHDRAWN = "decisions.withdrawn", _("Withdrawn")
    AUTO_WITHDRAWN = "decisions.auto_withdrawn", _("Withdrawn at the deadline")
    REMINDED = "decisions.reminded", _("Reminded of the deadline")
    MENDED = "decisions.mended", _("Display of the decision mended")
