from django.db import models
from django.utils.translation import gettext_lazy as _


class Opened(models.TextChoices):
    """What somebody opened of a candidate."""

    FILE = "file", _("The candidate’s file")
    DOSSIER = "dossier", _("The application")
    DOCUMENT = "document", _("A document")
    PDF = "pdf", _("The dossier as PDF")
    LETTER = "letter", _("The letter")
    EXPORT = "export", _("Dossiers taken away as PDF")
    DOCUMENTS = "documents", _("Documents taken away")
    TABLE = "table", _("A spreadsheet taken away")
    SHEETS = "sheets", _("Examination sheets taken away")
    LETTERS = "letters", _("Letters taken away")
    REPORT = "report", _("The report of an action or a release")
    HANDOVER = "handover", _("Files for the student system taken away")
    LIST = "list", _("A list of applications (API)")
    DECISIONS = "decisions", _("A list of decisions (API)")
    ENROLMENTS = "enrolments", _("A list of pre-enrolments (API)")


# What is opened only of applications that have a decision, a draft it may be.
BEFORE_RELEASE = frozenset(
    {
        *(Opened.LETTER, Opened.LETTERS, Opened.SHEETS, Opened.REPORT),
        *(Opened.HANDOVER, Opened.DECISIONS, Opened.ENROLMENTS),
    }
)
