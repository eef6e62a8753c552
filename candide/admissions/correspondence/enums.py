from django.db import models
from django.utils.translation import gettext_lazy as _


class CorrespondenceEvent(models.TextChoices):
    """What the history of an application says of notes and messages; never their words."""

    NOTE_WRITTEN = "correspondence.note_written", _("Note written")
    NOTE_CHANGED = "correspondence.note_changed", _("Note changed")
    NOTE_DELETED = "correspondence.note_deleted", _("Note deleted")
    MESSAGE_SENT = "correspondence.message_sent", _("Message sent")
    MESSAGES_READ = "correspondence.messages_read", _("Messages marked as read")
