from django.conf import settings
from django.db import models
from django.db.models import Exists, ForeignObjectRel, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.foundation.files.enums import Change, ScanStatus

STRIPPED = frozenset({Change.SCRIPTS, Change.ATTACHMENTS, Change.FOREIGN_DATA})
SERVED = frozenset({ScanStatus.CLEAN, ScanStatus.NOT_SCANNED})


def folder_of(key: str) -> str:
    return key[:2]


def blob_path(key: str) -> str:
    """Where the storage keeps the content whose opaque key is `key`."""
    return f"{folder_of(key)}/{key}"


class StoredFileQuerySet(models.QuerySet):
    def unreferenced(self) -> "StoredFileQuerySet":
        """Files no row of any other model points at. Whatever must keep a file therefore points
        at it with a foreign key; an id inside a JSON value protects nothing."""
        found = self
        for relation in StoredFile._meta.get_fields(include_hidden=True):
            if not isinstance(relation, ForeignObjectRel) or relation.related_model is OriginalFile:
                continue
            pointing = relation.related_model._base_manager.filter(
                **{relation.field.name: OuterRef("pk")}
            )
            found = found.exclude(Exists(pointing))
        return found


class StoredFile(models.Model):
    """An uploaded document in the form it is worked with (« fichier »): one PDF, whatever was
    uploaded [PJ-09 REC]. Never changed once stored; a new version is a new row. Every foreign key
    to it is PROTECT; rows nothing points at are removed by the clean-up."""

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=100)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    changes = models.JSONField(default=list, blank=True)
    scan_status = models.CharField(
        max_length=12, choices=ScanStatus.choices, default=ScanStatus.NOT_SCANNED
    )
    scanned_at = models.DateTimeField(null=True, blank=True)
    scan_tried_at = models.DateTimeField(null=True, blank=True)  # claims it among several workers
    created_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- the moment of writing
    # SET_NULL: a document outlives the account of who gave it (a manager who left, an erased
    # candidate whose file is retained); history says who did.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")
        constraints = [
            models.CheckConstraint(
                name="files_scan_status_known",
                condition=models.Q(scan_status__in=ScanStatus.values),
            ),
            models.CheckConstraint(
                name="files_verdict_has_moment",
                condition=models.Q(scanned_at__isnull=False)
                | models.Q(scan_status__in=[ScanStatus.NOT_SCANNED, ScanStatus.PENDING]),
            ),
        ]
        indexes = [
            models.Index(
                name="files_awaiting_scan",
                fields=["scan_status"],
                condition=models.Q(scan_status__in=[ScanStatus.PENDING, ScanStatus.FAILED]),
            ),
            models.Index(fields=["created_at"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blob(self) -> str:
        """The storage's name of the content."""
        return blob_path(self.key)

    @property
    def is_stripped(self) -> bool:
        """Something active or foreign was taken out of it; `changes_told` says what."""
        return bool(STRIPPED.intersection(self.changes))

    @property
    def changes_told(self) -> list[str]:
        """What was changed against the original, as sentences for the person."""
        return [str(Change(code).label) for code in self.changes]

    @property
    def is_served(self) -> bool:
        """Whether anybody may open it: never while the scan is pending, failed or positive."""
        return self.scan_status in SERVED


class OriginalFile(models.Model):
    """A file exactly as it was uploaded, byte for byte. Where the working copy has the very same
    bytes, both rows share one blob by having the same key."""

    # CASCADE: an original is a part of its stored file and never outlives it.
    stored_file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="originals")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("original file")
        constraints = [
            models.UniqueConstraint(
                name="files_original_position", fields=["stored_file", "position"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def blob(self) -> str:
        return blob_path(self.key)


class MissingContent(models.Model):
    """The storage does not have what a row speaks of: found by the check, gone once it is there
    again or the row is gone. No foreign key: it keeps no file."""

    stored_file_id = models.BigIntegerField(unique=True)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "missing content"


declare(MissingContent, neutral="id stored_file_id found_at")
declare(
    StoredFile,
    personal="name created_by",
    neutral=(
        "id key media_type size sha256 page_count changes scan_status scanned_at scan_tried_at "
        "created_at"
    ),
)
declare(
    OriginalFile,
    personal="name",
    neutral="id stored_file position key media_type size sha256",
)
