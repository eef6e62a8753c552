from django.db import models
from django.utils.translation import gettext_lazy as _


class TagColour(models.TextChoices):
    """The colours a tag may have: each is dark text on a light ground, and never says anything
    that the label does not."""

    GREY = "grey", _("Grey")
    BLUE = "blue", _("Blue")
    TEAL = "teal", _("Teal")
    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    ORANGE = "orange", _("Orange")
    RED = "red", _("Red")
    PURPLE = "purple", _("Purple")


class TagEvent(models.TextChoices):
    """What the history says of the tags of an application."""

    ADDED = "tags.added", _("Tag added")
    REMOVED = "tags.removed", _("Tag removed")
