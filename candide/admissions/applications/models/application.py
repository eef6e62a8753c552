"""The application and its five independent axes (architecture, 4)."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import (
    EDITABLE_STATUSES,
    CandidateAnswer,
    DossierStatus,
    Outcome,
)
from candide.admissions.candidates.models import Candidate
from candide.core.personal_data import declare
from candide.core.visibility import VisibleQuerySet
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Intake

# What candidates are shown of an application: a third of the columns that are joined otherwise.
_SHOWN = {
    "": (
        "created_at dossier_status route transmitted_at received_on complete_on frozen_at "
        "documents_extended_to correction_due_on has_additional_documents released_outcome "
        "has_any_decision rank_shown acceptance_due_on answer answered_at cancelled_at archived_at "
        "fee_amount"
    ),
    "candidate__": "user birth_name first_name ine_state",
    "intake__": (
        "is_paperless information screening_on documents_due_on jury_on results_on "
        "acceptance_due_on campaign__label programme__code programme__name"
    ),
    "intake__programme__commission__": (
        "name email phone fax url address_1 address_2 address_3 postcode city return_comment "
        "letter_mode centre__name"
    ),
}


class ApplicationQuerySet(VisibleQuerySet):
    def live(self) -> "ApplicationQuerySet":
        return self.filter(cancelled_at=None)

    def editable(self) -> "ApplicationQuerySet":
        """Live applications whose dossier is awaited or incomplete."""
        return self.live().filter(dossier_status__in=EDITABLE_STATUSES)

    def transmitted(self) -> "ApplicationQuerySet":
        return self.live().exclude(transmitted_at=None)

    def as_subject(self) -> "ApplicationQuerySet":
        return self.with_offer()

    def with_offer(self) -> "ApplicationQuerySet":
        """Join the candidate and what is applied to, as lists show them."""
        return self.select_related(
            "candidate__user",
            "intake__campaign",
            "intake__programme__commission__centre",
        )

    def as_shown(self) -> "ApplicationQuerySet":
        """Join what is applied to, for the pages of its candidate, who is signed in: only what
        they show. The rest is read when somebody asks for it."""
        shown = (f"{path}{name}" for path, names in _SHOWN.items() for name in names.split())
        joined = self.select_related(
            "candidate", "intake__campaign", "intake__programme__commission__centre"
        )
        return joined.only(*shown)


class Application(models.Model):
    """A candidate applies to an intake (« candidature », « vœu »).

    The columns under « shown of the decision » are written by the decisions room only, in the
    transaction that releases, drafts or ranks; a command checks them against the decisions.
    """

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="applications")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="applications")
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_proposal = models.BooleanField(_("proposal"), default=False)

    # Axis 1: the dossier
    dossier_status = models.CharField(
        _("status of the dossier"),
        max_length=20,
        choices=DossierStatus.choices,
        default=DossierStatus.AWAITED,
    )
    status_changed_at = models.DateTimeField(null=True, blank=True)
    transmitted_at = models.DateTimeField(_("transmitted"), null=True, blank=True)
    received_on = models.DateField(_("received"), null=True, blank=True)
    incomplete_on = models.DateField(_("declared incomplete"), null=True, blank=True)
    complete_on = models.DateField(_("declared complete"), null=True, blank=True)
    frozen_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the last snapshot was made.")
    )
    documents_extended_to = models.DateField(
        _("individual date for the dossier"), null=True, blank=True
    )

    # Axis 2: the admission route
    route = models.CharField(
        _("admission route"),
        max_length=20,
        choices=AdmissionRoute.choices,
        default=AdmissionRoute.UNDETERMINED,
    )
    is_route_confirmed = models.BooleanField(default=False)

    # Axis 3: shown of the decision
    released_outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    has_draft_decision = models.BooleanField(default=False)
    has_any_decision = models.BooleanField(default=False)
    rank_shown = models.PositiveIntegerField(null=True, blank=True)
    acceptance_due_on = models.DateField(_("answer due"), null=True, blank=True)
    acceptance_extended_to = models.DateField(
        _("individual date for the answer"), null=True, blank=True
    )

    # Axis 4: the answer
    answer = models.CharField(
        _("answer"), max_length=10, choices=CandidateAnswer.choices, blank=True
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    # Axis 5: cancelled
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    # Asked of this application alone; written by what asks and closes (domain/correcting.py).
    correction_due_on = models.DateField(_("request due"), null=True, blank=True)
    has_additional_documents = models.BooleanField(default=False)

    # How many of its documents are in which status; written by domain/counting.py alone.
    documents_submitted = models.PositiveIntegerField(default=0, db_default=0)
    documents_approved = models.PositiveIntegerField(default=0, db_default=0)
    documents_refused = models.PositiveIntegerField(default=0, db_default=0)

    archived_at = models.DateTimeField(null=True, blank=True)

    # For the enrolment
    fee_amount = models.DecimalField(
        _("enrolment fee"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    fee_exemption = models.ForeignKey(
        "reference.FeeExemption",
        verbose_name=_("exemption"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    exemption_note = models.CharField(_("complement on the exemption"), max_length=200, blank=True)
    study_regime = models.ForeignKey(
        "reference.StudyRegime",
        verbose_name=_("study regime"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "intake"],
                condition=Q(cancelled_at=None),
                name="application_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & ~Q(answered_at=None)),
                name="application_answer_and_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(has_any_decision=False, answer=""),
                name="application_cancelled_before_any_decision",
            ),
            models.CheckConstraint(
                condition=Q(fee_amount=None) | Q(fee_amount__gte=0),
                name="application_fee_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["intake", "dossier_status"]),
            models.Index(fields=["released_outcome", "answer", "acceptance_due_on"]),
            # The reserve list of an intake, and the places offers hold.
            models.Index(
                fields=["intake", "released_outcome", "answer"],
                condition=Q(cancelled_at=None),
                name="application_decided",
            ),
            models.Index(fields=["-created_at", "-id"]),
            models.Index(
                fields=["intake", "-created_at", "-id"],
                condition=Q(cancelled_at=None),
                name="application_live_newest",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=Q(has_draft_decision=True),
                name="application_drafted_newest",
            ),
            # Those with one decision, which may all be among the older ones.
            models.Index(
                fields=["released_outcome", "-created_at", "-id"],
                condition=Q(cancelled_at=None),
                name="application_outcome_newest",
            ),
            models.Index(fields=["-transmitted_at", "-id"]),
            models.Index(
                fields=["correction_due_on"],
                condition=Q(correction_due_on__isnull=False),
                name="application_correction_open",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def documents_due_on(self) -> date:
        """The effective last day for the dossier (« date limite de retour ») [VIEW-06]."""
        return effective_due(self.documents_extended_to, self.intake.documents_due_on)


def effective_due(individual: date | None, everybody: date) -> date:
    """An individual day counts only when it is later than everybody's."""
    return max(individual or everybody, everybody)


declare(
    Application,
    personal=(
        "candidate created_by answered_by cancelled_by fee_amount fee_exemption exemption_note "
        "study_regime"
    ),
    neutral=(
        "id intake version created_at is_proposal dossier_status status_changed_at "
        "transmitted_at frozen_at received_on incomplete_on complete_on documents_extended_to "
        "route is_route_confirmed released_outcome has_draft_decision has_any_decision "
        "rank_shown acceptance_due_on acceptance_extended_to answer answered_at reminded_at "
        "correction_due_on has_additional_documents "
        "documents_submitted documents_approved documents_refused "
        "cancelled_at archived_at"
    ),
)
