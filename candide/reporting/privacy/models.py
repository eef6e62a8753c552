"""What is counted of applications whose candidate was erased: of nobody in person any more; and
who of the staff opened whose dossier."""

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.core.personal_data import declare
from candide.reporting.privacy.enums import Opened


class ErasedApplication(models.Model):
    """An application of somebody who was erased, as statistics count it: what it was to, how far
    it came. Neither who, nor when, so that it leads back to nobody."""

    intake = models.ForeignKey("catalogue.Intake", on_delete=models.PROTECT, related_name="+")
    dossier_status = models.CharField(max_length=20, choices=DossierStatus.choices)
    released_outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    answer = models.CharField(max_length=10, choices=CandidateAnswer.choices, blank=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        verbose_name = "erased application"

    def __str__(self) -> str:
        return f"#{self.pk}"


class Reading(models.Model):
    """A member of staff opened something of a candidate (« consultation »): once in each quarter
    of an hour, however often they came back. No foreign key: it says that it happened after what
    was opened is gone, and keeps nothing from going."""

    reader_id = models.BigIntegerField()
    account_id = models.BigIntegerField(help_text="Whose it was.")
    application_id = models.BigIntegerField(null=True, blank=True)
    opened = models.CharField(max_length=10, choices=Opened.choices)
    document_id = models.BigIntegerField(null=True, blank=True, help_text="Which was asked for.")
    at = models.DateTimeField(db_index=True)
    quarter = models.BigIntegerField(help_text="Quarters of an hour since 1970.")

    class Meta:
        verbose_name = _("reading of a dossier")
        constraints = [
            models.UniqueConstraint(
                "reader_id",
                "quarter",
                "account_id",
                Coalesce("application_id", 0),
                "opened",
                Coalesce("document_id", 0),
                name="reading_once_a_quarter",
            )
        ]
        indexes = [
            models.Index(fields=["account_id", "-id"]),
            models.Index(fields=["application_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.opened} {self.account_id}: {self.reader_id}"


declare(
    Reading,
    personal="reader_id account_id",
    neutral="id application_id opened document_id at quarter",
)
declare(ErasedApplication, neutral="id intake dossier_status released_outcome answer is_cancelled")
