"""Texts of mails that staff changed, and the outbox: a mail is a row before it is sent."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.mails.enums import MailStatus


class MailTemplate(models.Model):
    """A text staff wrote in place of the standard one (« mail type »): for the institution, or for
    one centre. With a `name` it is a text of its own, that a decision type picks. In each language
    in which it says nothing the next standard text speaks [I18N-04]."""

    kind = models.CharField(_("mail"), max_length=60)
    centre = models.ForeignKey(
        "catalogue.ApplicationCentre",
        verbose_name=_("centre"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mail_templates",
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    subject = I18nCharField(_("subject"), max_length=500, blank=True)
    body = I18nTextField(_("text"), blank=True)
    is_enabled = models.BooleanField(_("in service"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(
        default=timezone.now,  # noqa: TID251 -- moment of writing
        editable=False,
    )
    updated_by_id = models.BigIntegerField(null=True, blank=True, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a mail")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=Q(centre=None),
                name="mail_text_of_the_institution_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "centre", "name"],
                condition=Q(centre__isnull=False),
                name="mail_text_of_a_centre_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class OutgoingMail(models.Model):
    """One mail to one address (« journal des mails »). A blind copy is a row of its own, so that
    each delivery succeeds, is retried or fails by itself."""

    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED)
    to = models.EmailField(max_length=254)
    copy_to = models.EmailField(max_length=254, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    domain = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    message_id = models.CharField(max_length=255, unique=True)
    for_user_id = models.BigIntegerField(null=True, blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)

    queued_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- moment of writing
    next_attempt_at = models.DateTimeField(default=timezone.now)  # noqa: TID251 -- the same
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    # The attempts that came to nothing: when, and what the server said.
    tries = models.JSONField(default=list, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = "mail"
        constraints = [
            models.CheckConstraint(
                condition=Q(status=MailStatus.SENDING, claim__isnull=False)
                | (~Q(status=MailStatus.SENDING) & Q(claim=None)),
                name="mail_claimed_while_being_sent",
            ),
            models.CheckConstraint(
                condition=Q(status=MailStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MailStatus.SENT) & Q(sent_at=None)),
                name="mail_sent_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_urgent", "next_attempt_at"],
                condition=Q(status="queued"),
                name="mails_to_send",
            ),
            models.Index(
                fields=["leased_until"], condition=Q(status="sending"), name="mails_being_sent"
            ),
            models.Index(fields=["attempted_at"], name="mails_by_attempt"),
            models.Index(fields=["about_type", "about_id"], name="mails_about"),
            models.Index(fields=["for_user_id"], name="mails_for_user"),
            models.Index(fields=["status", "-id"], name="mails_by_status"),
            models.Index(fields=["kind", "-id"], name="mails_by_kind"),
            models.Index(fields=["-queued_at"], name="mails_by_day"),
            models.Index(Upper("to"), name="mails_by_address"),
            models.Index(Upper("copy_to"), name="mails_by_copy", condition=~Q(copy_to="")),
        ]

    @property
    def recipient(self) -> str:
        """The address it is delivered to."""
        return self.copy_to or self.to


class Attachment(models.Model):
    """A stored file sent with a mail."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("file sent with a mail")


declare(
    MailTemplate,
    neutral="id kind centre name subject body is_enabled version updated_at updated_by_id",
)
declare(
    OutgoingMail,
    personal="to copy_to reply_to domain language subject text html for_user_id last_error tries",
    neutral=(
        "id kind status is_secret is_urgent message_id about_type about_id queued_at "
        "next_attempt_at give_up_at attempts attempted_at claim leased_until sent_at"
    ),
)
declare(Attachment, personal="name", neutral="id mail file")
