"""« À la place du candidat »: staff do, as themselves, what the candidate does [annex 2]."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    possible_questions,
    requested_documents,
)
from candide.admissions.applications.domain.cancelling import cancelling_blockers
from candide.admissions.applications.domain.editing import (
    checklist_of,
    editing_blockers,
    item_blockers,
)
from candide.admissions.applications.domain.transmission import transmission_blockers
from candide.admissions.applications.enums import FROZEN_STATUSES, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import (
    accepting_blockers,
    withdrawing_blockers,
)
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.foundation.files.domain.blobs import kept_originals
from candide.foundation.leases.domain.leasing import holder, lease_blockers, take
from candide.foundation.leases.enums import LeaseReason
from candide.institution.accounts.models import User
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution
from candide.web.shared.checklist import DocumentRow, QuestionRow
from candide.web.shared.questions import QuestionForm
from candide.web.staff.walking import Walk, list_of

PERMISSION = "applications.act_for"
# What each act of its own page asks before it is possible.
BLOCKERS: dict[str, Callable[..., list[Blocker]]] = {
    "transmit": transmission_blockers,
    "accept": accepting_blockers,
    "withdraw": withdrawing_blockers,
    "cancel": lambda application, **_waived: cancelling_blockers(application),
}


@dataclass
class ActingPage:
    """The checklist of an application as staff fill it in for its candidate. Neither the status of
    the dossier binds them nor, where they may act after it, the day; what is in the way besides is
    said, and so is who is at it."""

    application: Application
    user: Any
    now: datetime
    refused: dict[str, list[Blocker]] = field(default_factory=dict)
    question_forms: dict[int, QuestionForm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        application = self.application
        self.institution = Institution.current()
        self.is_paperless = is_paperless(application.intake, self.institution)
        self.waived = waived(self.user, application)
        today = localdate(self.now)
        self.blockers = editing_blockers(application, today=today, **self.waived)
        self.leased = lease_blockers(checklist_of(application), by=self.user, now=self.now)
        self.holder = self._holder() if self.leased else None
        documents = requested_documents(application, with_internal=True)
        self.originals = kept_originals(item.file for item in documents if item.file)
        self.documents = [self._document(item) for item in documents]
        self.questions = [self._question(item) for item in possible_questions(application)]
        deadline = {"enforce_deadline": self.waived["enforce_deadline"]}
        self.possible = {
            name
            for name, blockers in BLOCKERS.items()
            if not blockers(application, today=today, **deadline)
        }

    # What the texts of the checklist depend on; here they are the candidate's business.
    is_open_to_changes = waits_for_dossier = is_incomplete = is_late = False

    @property
    def is_frozen(self) -> bool:
        """Whether a change freezes the dossier anew."""
        return self.application.dossier_status in FROZEN_STATUSES

    def _holder(self) -> User | None:
        lease = holder(checklist_of(self.application), now=self.now)
        return User.objects.filter(pk=lease.owner_id).first() if lease else None

    def _may_change(self, item: RequestedDocument | AskedQuestion) -> bool:
        today = localdate(self.now)
        return not self.leased and not item_blockers(item, today=today, **self.waived)

    def _document(self, item: RequestedDocument) -> DocumentRow:
        is_editable = self._may_change(item)
        is_open = self.is_paperless and not self.institution.is_upload_closed
        return DocumentRow(
            item,
            is_editable=is_editable,
            takes_files=is_editable and is_open and item.status != ItemStatus.NOT_APPLICABLE,
            refused=self.refused.get(f"document:{item.requirement.pk}", []),
            originals=self.originals.get(item.file.pk, []) if item.file else [],
            area="staff",
        )

    def _question(self, item: AskedQuestion) -> QuestionRow:
        is_editable = item.is_due and self._may_change(item)
        form = self.question_forms.get(item.question.pk)
        if form is None and is_editable:
            form = QuestionForm(item=item)
        return QuestionRow(item, is_editable, form, area="staff")


def waived(user: Any, application: Application) -> dict[str, bool]:
    """What does not bind `user` where they act for candidates."""
    return {
        "enforce_deadline": not user.has_perm("applications.ignore_deadlines", application),
        "enforce_status": False,
    }


def take_checklist(request: HttpRequest, application: Application, *, now: datetime) -> None:
    """Take the checklist for this session. Raises `Refused` while somebody else changes it."""
    tab = request.session.session_key or ""
    reason = LeaseReason.STAFF
    take(checklist_of(application), by=request.user, tab=tab, now=now, reason=reason)


@for_object(Application, PERMISSION)
def acting_page(request: HttpRequest, application: Application) -> HttpResponse:
    return show_acting(request, application)


def show_acting(
    request: HttpRequest,
    application: Application,
    *,
    status: int = 200,
    blockers: list[Blocker] | None = None,
    **shown: Any,
) -> HttpResponse:
    """Render the page; `shown` is what was refused beside a document or a question."""
    page = acting_page_of(request, application, **shown)
    context = {
        "page": page,
        "application": page.application,
        "blockers": blockers or [],
        "walk": Walk(list_of(request)),
        "acts": [(name, label) for name, label in _labels().items() if name in page.possible],
        "navigation": "staff",
    }
    return render(request, "staff/application/acting.html", context, status=status)


def acting_page_of(request: HttpRequest, application: Application, **shown: Any) -> ActingPage:
    """The page as it stands now: after a POST the application may have changed meanwhile."""
    if request.method == "POST":
        application = Application.objects.with_offer().get(pk=application.pk)
    return ActingPage(application, request.user, timezone.now(), **shown)


def _labels() -> dict[str, str]:
    return {
        "transmit": _("Transmit the dossier"),
        "accept": _("Confirm the application"),
        "withdraw": _("Withdraw the candidate"),
        "cancel": _("Cancel the application"),
    }
