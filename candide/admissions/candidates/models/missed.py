"""What the student system was to be asked about somebody while it did not answer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.enums import MissedKind
from candide.core.personal_data import declare


class MissedFetch(models.Model):
    """A question to the student system that got no answer; it is asked again until it does."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="missed_fetches"
    )
    kind = models.CharField(max_length=12, choices=MissedKind.choices)
    missed_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()

    class Meta:
        verbose_name = _("question the student system did not answer")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="missed_fetch_once"),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="missed_fetch_next")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


declare(MissedFetch, personal="user", neutral="id kind missed_at attempts next_attempt_at")
