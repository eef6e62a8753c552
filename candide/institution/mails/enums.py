from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailStatus(models.TextChoices):
    """What became of a mail."""

    QUEUED = "queued", pgettext_lazy("mail", "To be sent")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", _("Could not be delivered")
    CANCELLED = "cancelled", pgettext_lazy("mail", "Cancelled")
    KEPT = "kept", _("Kept here, never sent")


class MailEvent(models.TextChoices):
    """What staff do to mails and their texts."""

    TEXT_CHANGED = "mail-text-changed", _("Changed the text of a mail")
    TEXT_REMOVED = "mail-text-removed", _("Went back to the standard text of a mail")
    RETRIED = "mail-retried", _("Had a mail sent again")
    CANCELLED = "mail-cancelled", _("Cancelled a mail")
