from django.db import models
from django.utils.translation import gettext_lazy as _


class Deadline(models.TextChoices):
    """A last day candidates have, which may be moved on for many at once."""

    APPLICATIONS = "applications", _("To apply")
    DOSSIERS = "dossiers", _("To hand in the dossier")
    ANSWERS = "answers", _("To answer an offer")
