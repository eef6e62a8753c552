from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HandoverState(models.TextChoices):
    """Where the pre-enrolment of somebody is (« OPI »)."""

    TO_SEND = "to_send", pgettext_lazy("pre-enrolment", "To be sent")
    SENT = "sent", pgettext_lazy("pre-enrolment", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("pre-enrolment", "In the student system")
    REFUSED = "refused", pgettext_lazy("pre-enrolment", "Refused")
    TO_WITHDRAW = "to_withdraw", pgettext_lazy("pre-enrolment", "To be withdrawn")
    WITHDRAWN = "withdrawn", pgettext_lazy("pre-enrolment", "Withdrawn")
    ASIDE = "aside", pgettext_lazy("pre-enrolment", "Put aside")


S = HandoverState
# From where to where a pre-enrolment may go.
MOVES: dict[str, set[str]] = {
    S.TO_SEND: {S.SENT, S.ACCEPTED, S.REFUSED, S.TO_WITHDRAW, S.WITHDRAWN, S.ASIDE},
    S.SENT: {S.ACCEPTED, S.REFUSED, S.TO_SEND, S.TO_WITHDRAW},
    S.ACCEPTED: {S.TO_SEND, S.TO_WITHDRAW},
    S.REFUSED: {S.TO_SEND, S.ACCEPTED, S.TO_WITHDRAW, S.WITHDRAWN, S.ASIDE},
    S.TO_WITHDRAW: {S.WITHDRAWN, S.REFUSED, S.TO_SEND, S.ACCEPTED, S.ASIDE},
    S.WITHDRAWN: {S.TO_SEND, S.ACCEPTED, S.TO_WITHDRAW},
    S.ASIDE: {S.TO_SEND, S.ACCEPTED, S.TO_WITHDRAW, S.WITHDRAWN},
}
WAITING = (S.TO_SEND, S.TO_WITHDRAW)
# The student system has been told, as far as we know.
TOLD = (S.SENT, S.ACCEPTED)


class DocumentState(models.TextChoices):
    """Where a document that follows somebody into the student system is."""

    TO_SEND = "to_send", pgettext_lazy("document handed over", "To be sent")
    SENT = "sent", pgettext_lazy("document handed over", "Sent")


class ReportKind(models.TextChoices):
    """What a report about the student system says."""

    RECONCILIATION = "reconciliation", _("What is handed over, compared")
    NOMENCLATURES = "nomenclatures", _("Nomenclatures taken over")


class ReportState(models.TextChoices):
    """How far a report is."""

    WAITING = "waiting", pgettext_lazy("report", "In preparation")
    DONE = "done", pgettext_lazy("report", "Done")
    FAILED = "failed", pgettext_lazy("report", "Failed")


class Difference(models.TextChoices):
    """What a comparison found that should not be so."""

    NOT_PREPARED = "not_prepared", _("Confirmed, but not to be handed over")
    WITHOUT_GROUND = "without_ground", _("Handed over, but no longer admitted")
    REFUSED = "refused", _("Refused by the student system")
    STUCK = "stuck", _("Tried again and again without success")
    UNANSWERED = "unanswered", _("Sent days ago, and never answered")
    NOT_HELD = "not_held", _("Accepted, but no longer in the student system")
    STILL_HELD = "still_held", _("Withdrawn, but still in the student system")


class HandoverEvent(models.TextChoices):
    """What the history says of a hand-over."""

    ASKED = "handover.asked", _("To be handed over to the student system")
    SENT = "handover.sent", _("Sent to the student system")
    ACCEPTED = "handover.accepted", _("Accepted by the student system")
    REFUSED = "handover.refused", _("Refused by the student system")
    WITHDRAWAL_ASKED = "handover.withdrawal_asked", _("To be withdrawn from the student system")
    WITHDRAWN = "handover.withdrawn", _("Withdrawn from the student system")
    REPLAYED = "handover.replayed", _("Handed over again")
    ASIDE = "handover.aside", _("Hand-over put aside")
    CODE_ENTERED = "handover.code_entered", _("Enrolment code entered")
    CODE_CHANGED = "handover.code_changed", _("Enrolment code given by the student system")
    DOCUMENT_SENT = "handover.document_sent", _("Document sent to the student system")
    LOADED = "handover.loaded", _("Files said to be loaded")
    TAKEN = "handover.taken", _("Took a file for the student system")
    SYSTEM_TESTED = "handover.system_tested", _("Tried a call to the student system")
    SYSTEM_RESUMED = "handover.system_resumed", _("Had the student system asked again at once")
    REPORT_ASKED = "handover.report_asked", _("Asked for a report on the student system")
