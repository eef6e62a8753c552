"""The dossier as it was when it was received."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models.application import Application
from candide.admissions.applications.models.given import DocumentVersion
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.files.models import StoredFile


class Snapshot(models.Model):
    """The frozen dossier of an application [FILE-06]: data, answers, document versions, PDF and
    its SHA-256. A later one supersedes it and never replaces it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField()
    data_sha256 = models.CharField(max_length=64)
    documents = models.ManyToManyField(DocumentVersion, related_name="snapshots", blank=True)
    pdf = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pdf_language = models.CharField(max_length=10, blank=True)
    # When to draw the PDF next; at once where it was never tried.
    pdf_wanted_at = models.DateTimeField(null=True, blank=True)
    pdf_tries = models.PositiveSmallIntegerField(default=0)
    receipt = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # When to draw the receipt next, where that failed.
    receipt_wanted_at = models.DateTimeField(null=True, blank=True)
    receipt_tries = models.PositiveSmallIntegerField(default=0)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} n°{self.number}"


declare(
    Snapshot,
    personal="made_by data pdf receipt",
    neutral=(
        "id application number made_at data_sha256 documents pdf_language pdf_wanted_at "
        "pdf_tries receipt_wanted_at receipt_tries"
    ),
)
