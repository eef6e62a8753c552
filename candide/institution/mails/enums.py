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


class Audience(models.TextChoices):
    """Who reads a kind of mail."""

    CANDIDATE = "candidate", pgettext_lazy("reader of a mail", "The candidate")
    COMMISSION = "commission", pgettext_lazy("reader of a mail", "The commission")
    ACCOUNT = "account", pgettext_lazy("reader of a mail", "The holder of the account")
    STAFF = "staff", pgettext_lazy("reader of a mail", "A colleague")


class MailEvent(models.TextChoices):
    """What staff do to mails."""

    RETRIED = "mail-retried", _("Had a mail sent again")
    CANCELLED = "mail-cancelled", _("Cancelled a mail")
