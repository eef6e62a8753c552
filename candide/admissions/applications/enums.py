from django.db import models
from django.utils.translation import gettext_lazy as _


class DossierStatus(models.TextChoices):
    """Where the dossier is (« statut de dossier »)."""

    AWAITED = "awaited", _("Awaited")
    RECEIVED = "received", _("Received")
    INCOMPLETE = "incomplete", _("Incomplete")
    COMPLETE = "complete", _("Complete")


EDITABLE_STATUSES = (DossierStatus.AWAITED, DossierStatus.INCOMPLETE)
FROZEN_STATUSES = (DossierStatus.RECEIVED, DossierStatus.COMPLETE)


class ItemStatus(models.TextChoices):
    """Where a document or an answer is (« statut de pièce »)."""

    MISSING = "missing", _("Awaited")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    NOT_APPLICABLE = "not_applicable", _("Not concerned")


GIVEN_STATUSES = (ItemStatus.SUBMITTED, ItemStatus.APPROVED, ItemStatus.NOT_APPLICABLE)


class CandidateAnswer(models.TextChoices):
    """What the candidate answered to an offer; none yet is the empty text."""

    ACCEPTED = "accepted", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Outcome(models.TextChoices):
    """What a decision means (« type d’avis »); its behaviour is in decisions.domain.outcomes."""

    FAVOURABLE = "favourable", _("Favourable")
    UNFAVOURABLE = "unfavourable", _("Unfavourable")
    RESERVE_LIST = "reserve_list", _("Reserve list")
    WAITING_LIST = "waiting_list", _("Waiting list")
    SHORTLISTED = "shortlisted", _("Shortlisted")


class CorrectionKind(models.TextChoices):
    """Why something is asked for again."""

    MISSING = "missing", _("Missing")
    ILLEGIBLE = "illegible", _("Illegible")
    OUTDATED = "outdated", _("Out of date")
    TO_CORRECT = "to_correct", _("To be corrected")


class CorrectionOutcome(models.TextChoices):
    """How a request for corrections ended."""

    ANSWERED = "answered", _("All was given")
    CANCELLED = "cancelled", _("Cancelled by the admissions office")


class ApplicationEvent(models.TextChoices):
    """What the history says of an application."""

    APPLIED = "applications.applied", _("Applied")
    PROPOSED = "applications.proposed", _("Proposed by staff")
    DOCUMENT_GIVEN = "applications.document_given", _("Document given")
    DOCUMENT_REMOVED = "applications.document_removed", _("Document removed")
    DOCUMENT_CHECKED = "applications.document_checked", _("Document checked")
    IDENTITY_DESTROYED = "applications.identity_destroyed", _("File of an identity paper destroyed")
    NOT_CONCERNED = "applications.not_concerned", _("Declared not concerned")
    CONCERNED = "applications.concerned", _("Declared concerned again")
    QUESTION_ANSWERED = "applications.question_answered", _("Question answered")
    FORM_ANSWERED = "applications.form_answered", _("Form filled in")
    FORMS_REMINDED = "applications.forms_reminded", _("Reminded of forms")
    TRANSMITTED = "applications.transmitted", _("Dossier transmitted")
    STATUS_SET = "applications.status_set", _("Status of the dossier set")
    ROUTE_SET = "applications.route_set", _("Admission route set")
    ROUTE_CONFIRMED = "applications.route_confirmed", _("Admission route confirmed")
    DEADLINE_SET = "applications.deadline_set", _("Individual deadline set")
    FEES_SET = "applications.fees_set", _("Fee and exemption set")
    REGIME_SET = "applications.regime_set", _("Study regime set")
    CANCELLED = "applications.cancelled", _("Cancelled")
    RESTORED = "applications.restored", _("Restored")
    WRITTEN_TO = "applications.written_to", _("Mail written to the candidate")
    FROZEN = "applications.frozen", _("Snapshot made")
    LOCK_RELEASED = "applications.lock_released", _("Lock of the checklist released")
    CORRECTION_ASKED = "applications.correction_asked", _("Corrections asked for")
    CORRECTION_MOVED = "applications.correction_moved", _("Last day of a request changed")
    CORRECTION_CLOSED = "applications.correction_closed", _("Request for corrections closed")
    FURTHER_DOCUMENT_ASKED = "applications.further_document_asked", _("Further document asked for")
    FURTHER_DOCUMENT_DROPPED = (
        "applications.further_document_dropped",
        _("Further document no longer asked for"),
    )
