"""Files somebody asked for: made in the background, taken by who asked alone, and not for ever."""

import struct
import zlib
from collections.abc import Sequence

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.downloads.enums import DownloadState


class Download(models.Model):
    """« Export », « téléchargement »: `values` is what the kind was told, `subjects` the keys of
    the rows asked for, in their order; once it is made, of the rows that are in it. Whoever takes
    it must still be allowed every one of them. Whoever holds `claim` until `leased_until` makes it.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=DownloadState.choices, default=DownloadState.WAITING
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=10)
    values = models.JSONField(default=dict, blank=True)
    packed_subjects = models.BinaryField(default=bytes, blank=True)
    number_asked = models.PositiveIntegerField(default=0)
    number_done = models.PositiveIntegerField(default=0)
    number_inside = models.PositiveIntegerField(null=True, blank=True)
    # What is not in it, and why, as [key or None, code, message]; the first thousand.
    report = models.JSONField(default=list, blank=True)
    number_left_out = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(
        "files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    worked_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("file asked for")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, leased_until=None)
                | Q(claim__isnull=False, leased_until__isnull=False),
                name="download_claim_and_its_end",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, expires_at__isnull=False)
                | (~Q(state="ready") & Q(file=None)),
                name="download_ready_has_its_file",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-created_at"]),
            models.Index(
                fields=["worked_at"], condition=Q(state="waiting"), name="download_to_make"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def is_waiting(self) -> bool:
        return self.state == DownloadState.WAITING

    @property
    def subjects(self) -> list[int]:
        return unpacked(bytes(self.packed_subjects))

    @subjects.setter
    def subjects(self, keys: Sequence[int]) -> None:
        self.packed_subjects = packed(keys)


class DownloadPart(models.Model):
    """A piece of a file that is being made, kept so that it is not made twice if workers die."""

    download = models.ForeignKey(Download, on_delete=models.CASCADE, related_name="parts")
    subject_id = models.BigIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("part of a file asked for")
        constraints = [
            models.UniqueConstraint(fields=["download", "subject_id"], name="download_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.download_id}/{self.subject_id}"


def packed(keys: Sequence[int]) -> bytes:
    """Keys in little room: a hundred thousand take some two hundred kilobytes."""
    return zlib.compress(struct.pack(f"<{len(keys)}q", *keys)) if keys else b""


def unpacked(content: bytes) -> list[int]:
    if not content:
        return []
    plain = zlib.decompress(content)
    return list(struct.unpack(f"<{len(plain) // 8}q", plain))


declare(
    Download,
    personal="title asked_by values report file",
    neutral=(
        "id kind state language packed_subjects number_asked number_done number_inside "
        "number_left_out created_at ended_at expires_at worked_at claim leased_until attempts"
    ),
)
declare(DownloadPart, personal="file", neutral="id download subject_id")
