from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Event(models.TextChoices):
    """What other systems may be told of. Names once given stay."""

    APPLIED = "application.created", _("Application made")
    TRANSMITTED = "application.transmitted", _("Dossier transmitted")
    STATUS_SET = "application.status_set", _("Status of the dossier set")
    CANCELLED = "application.cancelled", _("Application cancelled")
    RESTORED = "application.restored", _("Application restored")
    RELEASED = "decision.released", _("Decision released")
    ACCEPTED = "answer.accepted", _("Offer accepted")
    WITHDRAWN = "answer.withdrawn", _("Candidate withdrawn")
    HANDED_OVER = "handover.accepted", _("Accepted by the student system")
    HANDOVER_REFUSED = "handover.refused", _("Refused by the student system")


TEST = "webhook.test"  # tells of nothing: whether somebody is there who reads the signature
TEST_LABEL = pgettext_lazy("webhook", "Test")


class DeliveryState(models.TextChoices):
    """What became of a call."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Delivered")
    GIVEN_UP = "given_up", _("Given up")


# What is wrong with an address, by what `integrations.webhooks.address_problem` calls it.
ADDRESS_PROBLEMS = {
    "scheme": _("The address has to begin with https://."),
    "form": _("Give a whole address, without a name or a password in it."),
    "private": _("This address is of an inner network: it is not called."),
}

# Why a call failed, as it is noted, in words; a status of HTTP says enough by itself.
PROBLEMS = {
    "TimeoutError": _("Nobody answered in time."),
    "ConnectionRefusedError": _("Nothing answers at this address."),
    "ConnectionResetError": _("The connection was cut before the answer."),
    "RemoteDisconnected": _("The connection was cut before the answer."),
    "gaierror": _("The name in the address leads nowhere."),
    "SSLCertVerificationError": _("The certificate of the other side is not to be trusted."),
    "SSLError": _("No secure connection came about."),
    **{f"address: {problem}": words for problem, words in ADDRESS_PROBLEMS.items()},
    "restored from a backup": _("A backup was restored: this may have been told already."),
}


class WebhookEvent(models.TextChoices):
    """What the history says of subscriptions."""

    MADE = "webhooks.made", _("Subscription made")
    STOPPED = "webhooks.stopped", _("Subscription stopped")
    RESUMED = "webhooks.resumed", _("Subscription resumed")
    REPLAYED = "webhooks.replayed", _("Called again")
    TRIED = "webhooks.tried", _("Called for a test")
    DELETED = "webhooks.deleted", _("Subscription deleted")
