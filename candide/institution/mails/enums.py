from django.db import models
from django.utils.translation import gettext_lazy as _


class MailStatus(models.TextChoices):
    """What became of a mail."""

    QUEUED = "queued", _("To be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be delivered")
    CANCELLED = "cancelled", _("Cancelled")
    KEPT = "kept", _("Kept here, never sent")


class MailEvent(models.TextChoices):
    """What staff do to mails and their texts."""

    TEXT_CHANGED = "mail-text-changed", _("Changed the text of a mail")
    TEXT_REMOVED = "mail-text-removed", _("Went back to the standard text of a mail")
    RETRIED = "mail-retried", _("Had a mail sent again")
    CANCELLED = "mail-cancelled", _("Cancelled a mail")
