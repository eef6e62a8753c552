"""What is written about an application: notes among staff, messages with its candidate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet

LONGEST_NOTE, LONGEST_MESSAGE = 2000, 4000


class NoteQuerySet(VisibleQuerySet):
    def as_subject(self) -> "NoteQuerySet":
        return self.select_related(
            "author", "application__intake__programme__commission", "application__candidate__user"
        )


class Note(models.Model):
    """« Note », « post-it »: what staff tell each other about an application. Its candidate never
    sees one, nor that there is one: no snapshot, dossier or export to them reads this table."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    is_important = models.BooleanField(_("important"), default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["application", "-written_at"])]

    def __str__(self) -> str:
        return f"{self.application_id} n{self.pk}"


class Message(models.Model):
    """A message between a candidate and the admissions office, about one application. `read_at` is
    when the other side read it: the candidate, or the first of the staff who said so."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_from_candidate = models.BooleanField()
    text = models.TextField(_("message"), max_length=LONGEST_MESSAGE)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        constraints = [
            models.CheckConstraint(
                condition=Q(read_by=None) | Q(read_at__isnull=False),
                name="message_read_at_a_moment",
            )
        ]
        indexes = [
            models.Index(fields=["application", "sent_at"]),
            models.Index(
                fields=["application"],
                condition=Q(read_at=None, is_from_candidate=True),
                name="message_waits_for_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} m{self.pk}"


declare(
    Note,
    personal="author text",
    neutral="id application is_important written_at changed_at",
)
declare(
    Message,
    personal="author text read_by",
    neutral="id application is_from_candidate sent_at read_at",
)
