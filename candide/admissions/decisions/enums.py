from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    LIST_CALLED = "decisions.list_called", _("Calls from the reserve list")


class CallEnd(models.TextChoices):
    """Why calling from the reserve list went no further."""

    FREED = "freed", _("as many were called as places became free")
    FULL = "full", _("no place is free")
    NOBODY = "nobody", _("nobody waits any more")
    NO_DECISION = "no_decision", _("the programme does not say which decision to give")
    ASKED = "asked", _("as many were called as was asked")


class LetterKind(models.TextChoices):
    """Which letter follows a decision."""

    ADMISSION = "admission", _("Letter of admission")
    REFUSAL = "refusal", _("Letter of refusal")


class LetterSource(models.TextChoices):
    """What a letter is made from."""

    TEXT = "text", pgettext_lazy("source of a letter", "A text written here")
    WORD = "word", pgettext_lazy("source of a letter", "A Word document")


class LetterEvent(models.TextChoices):
    """What the history says of letters."""

    MADE = "letters.made", _("Letter made")
    REPLACED = "letters.replaced", _("Letter made anew")
    WITHDRAWN = "letters.withdrawn", _("Letter withdrawn")
    FAILED = "letters.failed", _("Letter that could not be made")
    WORD_PUT = "letters.word_put", _("Word document given")
    WORD_REMOVED = "letters.word_removed", _("Word document removed")
