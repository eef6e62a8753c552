"""What the student system is told of those who were admitted, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.handover.enums import (
    WAITING,
    DocumentState,
    HandoverState,
    ReportKind,
    ReportState,
)
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.foundation.files.models import StoredFile


class Delivery(models.Model):
    """Files that were made for the student system at one time, to be carried there by somebody,
    who says when they are loaded."""

    made_on = models.DateField()
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=0)
    loaded_at = models.DateTimeField(null=True, blank=True)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("files for the student system")
        constraints = [
            models.UniqueConstraint(fields=["made_on", "number"], name="delivery_once"),
        ]
        indexes = [models.Index(fields=["-made_at"], name="delivery_newest")]

    def __str__(self) -> str:
        return f"{self.made_on:%d/%m/%Y} n° {self.number}"


class DeliveryFile(models.Model):
    """One of the files of a delivery."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file for the student system")


class PreEnrolmentQuerySet(VisibleQuerySet):
    def with_offer(self) -> "PreEnrolmentQuerySet":
        """Join whose it is and what for."""
        return self.select_related(
            "application__candidate__user",
            "application__intake__campaign",
            "application__intake__programme__commission__centre",
        )

    def as_subject(self) -> "PreEnrolmentQuerySet":
        return self.with_offer()

    def in_service(self) -> "PreEnrolmentQuerySet":
        """Those of campaigns that are not archived."""
        return self.filter(application__archived_at=None)

    def to_tell(self) -> "PreEnrolmentQuerySet":
        """Those that wait to be told of; of archived campaigns, withdrawals alone."""
        current = Q(application__archived_at=None) | Q(state=HandoverState.TO_WITHDRAW)
        return self.filter(current, state__in=WAITING)

    def last_in(self, delivery: Delivery) -> "PreEnrolmentQuerySet":
        """Those in the files of `delivery` that are in none made later."""
        return self.filter(deliveries=delivery).exclude(deliveries__pk__gt=delivery.pk)


class PreEnrolment(models.Model):
    """Somebody admitted is announced to the student system (« OPI »). `turn` counts what was to be
    told of it: the same turn is never told twice. While a worker tells, it holds the `claim`; what
    is decided meanwhile is a further turn, told once that worker is done. `is_wanted`: somebody is
    to be pre-enrolled; `is_held`: the student system may have them."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="pre_enrolment"
    )
    state = models.CharField(
        _("hand-over"),
        max_length=12,
        choices=HandoverState.choices,
        default=HandoverState.TO_SEND,
    )
    turn = models.PositiveIntegerField(default=1)
    code = models.CharField(_("enrolment code"), max_length=10, blank=True)
    is_code_by_hand = models.BooleanField(default=False)
    reason = models.CharField(_("reason of the refusal"), max_length=500, blank=True)
    is_wanted = models.BooleanField(default=True)
    is_held = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(_("sent"), null=True, blank=True)
    deliveries = models.ManyToManyField(Delivery, blank=True, related_name="pre_enrolments")

    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = PreEnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-enrolment")
        constraints = [
            models.CheckConstraint(
                condition=Q(claim=None, leased_until=None)
                | Q(claim__isnull=False, leased_until__isnull=False),
                name="pre_enrolment_claim_and_its_end",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(state=HandoverState.REFUSED),
                name="pre_enrolment_reason_of_a_refusal",
            ),
            models.CheckConstraint(
                condition=Q(is_wanted=True)
                | Q(state__in=["to_withdraw", "withdrawn", "refused", "aside"]),
                name="pre_enrolment_unwanted_leaves",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=["to_send", "to_withdraw"]),
                name="pre_enrolment_to_tell",
            ),
            models.Index(fields=["state", "-id"], name="pre_enrolment_by_state"),
            models.Index(fields=["code"], name="pre_enrolment_by_code"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def reference(self) -> str:
        """What the student system knows it by, as long as it lasts."""
        return f"candide-{self.application_id}"

    @property
    def key(self) -> str:
        """What is told this time; the same again is the same message."""
        return f"{self.reference}-{self.turn}"


class HandedDocument(models.Model):
    """A document that follows a pre-enrolment into the student system (« PJ OPI »)."""

    pre_enrolment = models.ForeignKey(
        PreEnrolment, on_delete=models.CASCADE, related_name="documents"
    )
    kind = models.CharField(_("code in the student system"), max_length=20)
    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(
        max_length=10, choices=DocumentState.choices, default=DocumentState.TO_SEND
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("document handed over")
        constraints = [
            models.UniqueConstraint(fields=["pre_enrolment", "kind"], name="handed_document_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="to_send"),
                name="handed_document_to_send",
            ),
        ]


class SystemReport(models.Model):
    """What was found or taken over from the student system: `counts` by word, `lines` of
    [word, application or none, text]."""

    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    state = models.CharField(
        max_length=10, choices=ReportState.choices, default=ReportState.WAITING
    )
    is_dry_run = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    lines = models.JSONField(default=list, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on the student system")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="system_report_newest"),
            models.Index(fields=["id"], condition=Q(state="waiting"), name="system_report_to_make"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def differences(self) -> int | None:
        """How many things should not be so, where that was compared."""
        return self.counts.get("differences")


declare(Delivery, personal="loaded_by", neutral="id made_on number made_at people loaded_at")
declare(DeliveryFile, personal="file", neutral="id delivery")
declare(
    PreEnrolment,
    personal="application code reason last_error",
    neutral=(
        "id state turn is_code_by_hand is_wanted is_held created_at changed_at told_at deliveries "
        "attempts next_attempt_at claim leased_until"
    ),
)
declare(
    HandedDocument,
    personal="version last_error",
    neutral="id pre_enrolment kind state sent_at attempts next_attempt_at",
)
declare(
    SystemReport,
    personal="asked_by lines",
    neutral="id kind state is_dry_run created_at ended_at counts",
)
