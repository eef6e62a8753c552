from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token lets a program do (« portée »)."""

    READ_APPLICATIONS = "applications.read", _("Read applications")
    READ_CANDIDATES = "candidates.read", _("Read who the candidates are")
    READ_DOCUMENTS = "documents.read", _("Read documents")
    READ_DECISIONS = "decisions.read", _("Read decisions")
    READ_STATISTICS = "statistics.read", _("Read statistics")
    READ_HANDOVER = "handover.read", _("Read the hand-over to the student system")
    SET_STATUS = "applications.write", _("Set the status of dossiers")
    ENTER_DECISIONS = "decisions.write", _("Enter decisions")


class TokenEvent(models.TextChoices):
    """What the history says of tokens."""

    MADE = "tokens.made", _("Token made")
    REVOKED = "tokens.revoked", _("Token revoked")
