"""Other systems that are called when something happens, and the calls."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.catalogue.models import ApplicationCentre
from candide.reporting.webhooks.enums import PROBLEMS, TEST, TEST_LABEL, DeliveryState, Event


class Subscription(models.Model):
    """An address that is told of some events, of one centre or of the whole institution
    (« webhook »). The secret signs what is sent; both sides know it."""

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    events = models.JSONField(_("events"), default=list)
    centre = models.ForeignKey(
        ApplicationCentre, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    secret = models.CharField(max_length=64)
    is_active = models.BooleanField(_("in service"), default=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")

    def __str__(self) -> str:
        return self.name

    @property
    def event_labels(self) -> list[str]:
        return [str(event.label) for event in Event if event in self.events]


class Delivery(models.Model):
    """One call that is to be made, written with what it tells of: ids and codes, nobody's name.
    While a worker calls it holds the row until `leased_until`."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    key = models.UUIDField(unique=True)
    event = models.CharField(max_length=40)
    body = models.JSONField()
    at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook call")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state="waiting"),
                name="webhook_call_due",
            ),
            models.Index(fields=["subscription", "-id"], name="webhook_call_newest"),
            models.Index(fields=["at"], name="webhook_call_by_age"),
        ]

    @property
    def application(self) -> str:
        """The number of the application it tells of; a dash for a test."""
        return str(self.body.get("application", "–"))

    @property
    def problem(self) -> str:
        """Why the last call failed, in words; what nobody foresaw as it was noted."""
        return str(PROBLEMS.get(self.last_error, self.last_error))

    @property
    def event_label(self) -> str:
        return str(TEST_LABEL if self.event == TEST else Event(self.event).label)


declare(
    Subscription,
    personal="made_by",
    neutral="id name url events centre secret is_active made_at",
)
declare(
    Delivery,
    neutral=(
        "id subscription key event body at state attempts next_attempt_at leased_until last_error "
        "done_at"
    ),
)
