"""What is counted of applications whose candidate was erased: of nobody in person any more; and
who opened whose dossier."""

from django.db import models
from django.db.models import Q
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
    """Somebody opened something of a candidate (« consultation »): a member of staff, or a program
    that came in with a token; once in each quarter of an hour, however often they came back. Of
    many at once there is one row without an account, and `number`; `ReadTogether` says of whom.
    No foreign key to what was opened: it says that it happened after that is gone, and keeps
    nothing from going."""

    reader_id = models.BigIntegerField(null=True, blank=True)
    token_id = models.BigIntegerField(null=True, blank=True, help_text="With which a program came.")
    account_id = models.BigIntegerField(null=True, blank=True, help_text="Whose it was.")
    application_id = models.BigIntegerField(null=True, blank=True)
    opened = models.CharField(max_length=10, choices=Opened.choices)
    document_id = models.BigIntegerField(null=True, blank=True, help_text="Which was asked for.")
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of how many applications, where it was of many."
    )
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
            ),
            # Of many at once too: a program reads page after page of one list.
            models.UniqueConstraint(
                "token_id",
                "quarter",
                Coalesce("account_id", 0),
                Coalesce("application_id", 0),
                "opened",
                Coalesce("document_id", 0),
                condition=Q(token_id__isnull=False),
                name="reading_once_by_token",
            ),
            models.CheckConstraint(
                condition=Q(reader_id=None, token_id__isnull=False)
                | Q(reader_id__isnull=False, token_id=None),
                name="reading_has_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(account_id=None, application_id=None, number__isnull=False)
                | Q(account_id__isnull=False, number=None),
                name="reading_of_one_or_many",
            ),
        ]
        indexes = [
            models.Index(fields=["account_id", "-id"]),
            models.Index(fields=["application_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.opened} {self.account_id or self.number}: {self.reader_id or self.token_id}"


class ReadTogether(models.Model):
    """Of which applications a reading of many was: a bit for each key of a block of `SPAN`, so that
    an export of a hundred thousand takes a hundred rows or two."""

    SPAN = 2048

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="together")
    block = models.BigIntegerField(help_text="The keys divided by the span.")
    bits = models.BinaryField()

    class Meta:
        verbose_name = _("applications read together")
        constraints = [
            models.UniqueConstraint(fields=["block", "reading"], name="read_together_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reading_id}/{self.block}"


declare(
    Reading,
    personal="reader_id account_id",
    neutral="id token_id application_id opened document_id number at quarter",
)
declare(ReadTogether, neutral="id reading block bits")
declare(ErasedApplication, neutral="id intake dossier_status released_outcome answer is_cancelled")
