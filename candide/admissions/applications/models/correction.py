"""What staff ask of one candidate beyond what everybody is asked for."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CorrectionKind, CorrectionOutcome
from candide.admissions.applications.models.application import Application
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.requirements.models import DocumentRequirement, Question


class CorrectionQuerySet(VisibleQuerySet):
    def open(self) -> "CorrectionQuerySet":
        return self.filter(closed_at=None)

    def as_subject(self) -> "CorrectionQuerySet":
        return self.select_related(
            "application__candidate__user",
            "application__intake__campaign",
            "application__intake__programme__commission__centre",
        )


class Correction(models.Model):
    """« Demande de complément »: documents and answers staff ask for (again) until a day. What it
    names is open to the candidate until then, whatever the status of the dossier, and nothing else
    is. It closes by itself once all is given."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="corrections"
    )
    comment = models.TextField(_("comment for the candidate"), max_length=1000, blank=True)
    due_on = models.DateField(_("last day"))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=CorrectionOutcome.choices, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="correction_closed_with_an_outcome",
            )
        ]
        indexes = [models.Index(fields=["application", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.application_id} c{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def lines(self) -> list[str]:
        """What it names and why, a line each. Costs a query."""
        items = self.items.select_related("requirement", "question").order_by("pk")
        return [f"{item.label} : {item.get_kind_display().lower()}" for item in items]

    def is_overdue(self, today: date) -> bool:
        """Open, and its last day is past: what it names is shut again."""
        return self.is_open and today > self.due_on


class CorrectionItem(models.Model):
    """One document or answer a correction names, and why."""

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="items")
    requirement = models.ForeignKey(
        DocumentRequirement, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    question = models.ForeignKey(
        Question, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("why"), max_length=20, choices=CorrectionKind.choices)
    given_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("item of a request for corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(requirement=None, question__isnull=False)
                | Q(requirement__isnull=False, question=None),
                name="correction_item_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["correction", "requirement"], name="correction_document_once"
            ),
            models.UniqueConstraint(
                fields=["correction", "question"], name="correction_question_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id}/{self.requirement_id or self.question_id}"

    @property
    def label(self) -> str:
        """What is asked for, as candidates know it."""
        asked = self.requirement if self.requirement_id else self.question
        return str(asked.label) if asked else ""


class AdditionalDocument(models.Model):
    """« Pièce complémentaire »: a document asked of this application alone. An internal one is
    given by staff; the candidate never sees it, and no snapshot or dossier holds it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="additional_documents"
    )
    requirement = models.ForeignKey(
        DocumentRequirement, on_delete=models.PROTECT, related_name="asked_of_one"
    )
    is_internal = models.BooleanField(_("internal"), default=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("additional document")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement"], name="additional_document_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}+{self.requirement_id}"


declare(
    Correction,
    personal="comment asked_by",
    neutral="id application due_on asked_at closed_at outcome",
)
declare(CorrectionItem, neutral="id correction requirement question kind given_at")
declare(
    AdditionalDocument,
    personal="asked_by",
    neutral="id application requirement is_internal asked_at",
)
