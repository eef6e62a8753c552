"""What the candidate gives: documents, in versions, and answers to questions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models.application import Application
from candide.admissions.candidates.models import Candidate
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.files.models import StoredFile
from candide.institution.requirements.models import DocumentRequirement, ExternalForm, Question


class DocumentVersion(models.Model):
    """What a candidate gave once for a requirement: a file, or the sworn statement of not being
    concerned. A verdict belongs to the version and shows in every application using it [PJ-08].
    A version never changes its content; replacing makes another one [PJ-17]."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="documents")
    requirement = models.ForeignKey(
        DocumentRequirement, on_delete=models.PROTECT, related_name="versions"
    )
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_from_sis = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(
        max_length=20, choices=ItemStatus.choices, default=ItemStatus.SUBMITTED
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    checked_in = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    destroyed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Of an identity paper: when its file was destroyed.")
    )

    class Meta:
        verbose_name = _("version of a document")
        constraints = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None) | Q(file=None), name="version_destroyed_has_no_file"
            ),
            models.CheckConstraint(
                condition=~Q(status=ItemStatus.MISSING)
                & (Q(file=None) | ~Q(status=ItemStatus.NOT_APPLICABLE)),
                name="version_has_a_file_or_a_statement",
            ),
        ]
        indexes = [models.Index(fields=["candidate", "requirement", "-given_at"])]

    def __str__(self) -> str:
        return f"{self.requirement_id} v{self.pk}"


class SubmittedDocumentQuerySet(VisibleQuerySet):
    def in_status(self, status: str) -> "SubmittedDocumentQuerySet":
        """Those whose `status` it is: the verdict of the application, else that of the version."""
        return self.filter(Q(own_status=status) | Q(own_status="", version__status=status))


class SubmittedDocument(models.Model):
    """A version as one application uses it (« pièce déposée »). `own_status` and `own_comment`
    hold a verdict that counts for this application alone."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="submitted_documents"
    )
    requirement = models.ForeignKey(
        DocumentRequirement, on_delete=models.PROTECT, related_name="uses"
    )
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="uses")
    own_status = models.CharField(max_length=20, choices=ItemStatus.choices, blank=True)
    own_comment = models.CharField(max_length=500, blank=True)
    is_requested_again = models.BooleanField(
        default=False, help_text=_("Staff ask for another version of it.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = SubmittedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("submitted document")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "requirement"], name="submitted_document_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.requirement_id}"

    @property
    def status(self) -> str:
        return self.own_status or self.version.status

    @property
    def comment(self) -> str:
        return self.own_comment if self.own_status else self.version.comment


class Answer(models.Model):
    """An answer to a question for one application. A shared question is answered once: saving
    writes the answer of every application still open to changes."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    version = models.PositiveIntegerField(default=0)
    value = models.JSONField(null=True, blank=True)
    status = models.CharField(
        max_length=20, choices=ItemStatus.choices, default=ItemStatus.SUBMITTED
    )
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["application", "question"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.question_id}"


class FormAnswer(models.Model):
    """That an external form was filled in for an application, or that the candidate is not
    concerned. `answers` are lines {question, answer}, kept when the other service signed them;
    `is_declared`: only the candidate says so. `reference` is what the other service calls it."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="form_answers"
    )
    form = models.ForeignKey(ExternalForm, on_delete=models.PROTECT, related_name="answers")
    status = models.CharField(
        max_length=20, choices=ItemStatus.choices, default=ItemStatus.SUBMITTED
    )
    answers = models.JSONField(default=list, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    is_declared = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer to an external form")
        constraints = [
            models.UniqueConstraint(fields=["application", "form"], name="form_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.form_id}"


declare(
    DocumentVersion,
    personal="candidate file given_by comment checked_by",
    neutral="id requirement is_from_sis given_at status checked_at checked_in destroyed_at",
)
declare(
    SubmittedDocument,
    personal="own_comment",
    neutral=("id application requirement version own_status is_requested_again updated_at"),
)
declare(
    Answer,
    personal="value answered_by",
    neutral="id application question version status answered_at",
)
declare(
    FormAnswer,
    personal="answers reference",
    neutral="id application form status is_declared received_at",
)
