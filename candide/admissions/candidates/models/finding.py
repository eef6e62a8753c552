"""What candidates are found by, and who may be the same person twice."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.candidates.enums import KeyKind
from candide.core.personal_data import declare


class SearchKey(models.Model):
    """One word a candidate is found by, or one fact that two accounts of the same person share.
    `head` and `tail` are the two letters it begins and ends with: a word with one slip of the
    finger keeps one of the two, so that those alike are looked for among few."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="search_keys"
    )
    kind = models.CharField(max_length=5, choices=KeyKind.choices)
    text = models.CharField(max_length=300)
    head = models.CharField(max_length=2, blank=True)
    tail = models.CharField(max_length=2, blank=True)

    class Meta:
        verbose_name = _("search key")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "text"], name="search_key_once"),
        ]
        indexes = [
            models.Index(fields=["kind", "text", "user"], name="search_key_text"),
            models.Index(fields=["kind", "head", "text"], name="search_key_head"),
            models.Index(fields=["kind", "tail", "text"], name="search_key_tail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class PossibleDuplicate(models.Model):
    """Two accounts that look like one person's (« doublon »): found by itself, settled by staff,
    who merge them or say that they are two people. `one` is the older account."""

    one = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("possible duplicate")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="possible_duplicate_once"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="possible_duplicate_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-found_at", "-id"],
                condition=Q(settled_at=None),
                name="possible_duplicate_open",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


declare(SearchKey, personal="user text head tail", neutral="id kind")
declare(
    PossibleDuplicate,
    personal="one other reasons settled_by",
    neutral="id found_at settled_at",
)
