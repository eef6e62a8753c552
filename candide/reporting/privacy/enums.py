from django.db import models
from django.utils.translation import gettext_lazy as _


class Opened(models.TextChoices):
    """What somebody opened of a candidate."""

    FILE = "file", _("The candidate’s file")
    DOSSIER = "dossier", _("The application")
    DOCUMENT = "document", _("A document")
    PDF = "pdf", _("The dossier as PDF")
    LETTER = "letter", _("The letter")
    EXPORT = "export", _("An export of dossiers or documents")
