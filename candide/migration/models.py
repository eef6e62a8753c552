"""What was brought over, so that it is brought once."""

from django.db import models

from candide.core.personal_data import declare


class BroughtRow(models.Model):
    """A row of eCandidat, and the row of ours that stands for it: made from it, or found here.
    `mark` tells whether it changed there since; nothing of what it says can be read from it. The
    row stays when ours is deleted, so that nobody who was erased comes back."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    target_id = models.BigIntegerField()
    mark = models.CharField(max_length=64)
    was_made = models.BooleanField()
    brought_at = models.DateTimeField()

    class Meta:
        verbose_name = "row brought from eCandidat"
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="brought_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


declare(BroughtRow, neutral="id kind key target_id mark was_made brought_at")
