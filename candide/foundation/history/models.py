from django.db import models
from django.utils import timezone

from candide.core.personal_data import declare


class HistoryEntry(models.Model):
    """Somebody did something to something (« historique »). Of people ids and codes only, no names:
    whoever was erased is found no more. `changes` also say what settings were called. No foreign
    key: history never blocks a deletion."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=60)
    by_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- the moment of writing
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"]),
            models.Index(fields=["by_id", "at"]),
            models.Index(fields=["event", "at"]),
        ]
        verbose_name = "history entry"
        verbose_name_plural = "history entries"

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type}#{self.subject_id}"


declare(HistoryEntry, neutral="id subject_type subject_id event by_id at data")
