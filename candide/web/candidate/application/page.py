"""« Ma candidature »: one page with everything about one application [VIEW-03…09]."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    RequestedForm,
    links_of,
    possible_questions_of,
    requested_documents_of,
    requested_forms_of,
)
from candide.admissions.applications.domain.cancelling import cancelling_blockers
from candide.admissions.applications.domain.corrections import corrections_of
from candide.admissions.applications.domain.editing import (
    checklist_of,
    item_blockers,
    waits_for_dossier,
)
from candide.admissions.applications.domain.external_forms import link_of
from candide.admissions.applications.domain.snapshot import latest_transmission
from candide.admissions.applications.domain.stage import Stage, has_lapsed, stage
from candide.admissions.applications.domain.todo import is_still_to_be_given
from candide.admissions.applications.domain.track import track
from candide.admissions.applications.domain.transmission import transmission_blockers
from candide.admissions.applications.enums import EDITABLE_STATUSES, DossierStatus, ItemStatus
from candide.admissions.applications.models import Application, Correction, Snapshot
from candide.admissions.correspondence.domain.thread import thread_of, writing_blockers
from candide.admissions.correspondence.models import LONGEST_MESSAGE
from candide.admissions.decisions.domain.answering import (
    accepting_blockers,
    withdrawing_blockers,
)
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letters import readable_letter
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.mails import appointment
from candide.admissions.decisions.models import Decision, Letter
from candide.admissions.handover.domain.codes import pre_enrolment_of, shown_code
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.core.views import for_object
from candide.foundation.files.domain.blobs import kept_originals
from candide.foundation.leases.domain.leasing import lease_blockers
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.rich_text import rich_text
from candide.web.shared.checklist import DocumentRow, QuestionRow
from candide.web.shared.forms import LongTextField
from candide.web.shared.questions import QuestionForm


class MessageForm(forms.Form):
    """What the candidate writes to the admissions office."""

    prefix = "message"
    text = LongTextField(
        label=gettext_lazy("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("About this application only. A mail tells you of the answer."),
    )


@lru_cache(maxsize=16)
def _blank_message(language: str) -> SafeString:
    """The field before anything is written: the same for everybody who reads `language`."""
    return MessageForm()["text"].as_field_group()


@dataclass
class ApplicationPage:
    """What the page shows, worked out once. `now` is the moment of the request; `refused` holds,
    for a "document:pk", why its upload was refused."""

    application: Application
    now: datetime
    language: str
    refused: dict[str, list[Blocker]] = field(default_factory=dict)
    question_forms: dict[int, QuestionForm] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = today = localdate(self.now)
        application = self.application
        self.institution = Institution.current()
        self.stage: Stage = stage(application)
        self.is_paperless = is_paperless(application.intake, self.institution)
        self.steps = track(application, is_paperless=self.is_paperless, today=today)
        self.waits_for_dossier = waits_for_dossier(application)
        self.leased = (
            lease_blockers(checklist_of(application), by=application.candidate.user, now=self.now)
            if application.dossier_status in EDITABLE_STATUSES or application.correction_due_on
            else []
        )
        links = links_of([application])
        (documents,) = requested_documents_of([application], links=links).values()
        (questions,) = possible_questions_of([application], links=links).values()
        (self.asked_forms,) = requested_forms_of([application], links=links).values()
        self.originals = kept_originals(item.file for item in documents if item.file)
        self.documents = [self._document(item) for item in documents]
        self.questions = [self._question(item) for item in questions]
        self.transmission = transmission_blockers(
            application,
            today=today,
            documents=documents,
            questions=[item for item in questions if item.is_due],
            forms=self.asked_forms,
        )
        self.decision: Decision | None = (
            released_decision(application) if application.released_outcome else None
        )
        self.letter: Letter | None = readable_letter(application, self.decision)
        self.transmitted: Snapshot | None = (
            latest_transmission(application) if application.transmitted_at else None
        )
        self.corrections = _open_corrections(application)
        self.thread = thread_of(application)
        self.can_write = not writing_blockers(application)
        self.can_accept = not accepting_blockers(application, today=today)
        self.can_withdraw = not withdrawing_blockers(application, today=today)
        self.can_cancel = not cancelling_blockers(application)

    @property
    def enrolment_code(self) -> str:
        """What somebody admitted enrols with, once the student system knows of them."""
        if not self.application.released_outcome:
            return ""
        return shown_code(pre_enrolment_of(self.application))

    @property
    def forms(self) -> list[tuple[RequestedForm, str]]:
        """The external forms, each with the link that leads to it."""
        return [(item, link_of(item, today=self.today)) for item in self.asked_forms]

    @property
    def running_corrections(self) -> list[Correction]:
        """What the admissions office asks for again, and that may still be given."""
        return [one for one in self.corrections if not one.is_overdue(self.today)]

    @property
    def unread(self) -> int:
        """How many messages of the admissions office were not read."""
        return sum(not one.is_from_candidate and one.read_at is None for one in self.thread)

    @property
    def can_transmit(self) -> bool:
        return not self.transmission

    @property
    def is_open_to_changes(self) -> bool:
        """Whether the candidate may still work on the dossier online (transmitting included)."""
        return self.is_paperless and is_still_to_be_given(self.application, today=self.today)

    @property
    def is_late(self) -> bool:
        """Whether the dossier is waited for and can no longer be handed over."""
        return self.waits_for_dossier and not is_still_to_be_given(
            self.application, today=self.today
        )

    @property
    def is_incomplete(self) -> bool:
        return self.application.dossier_status == DossierStatus.INCOMPLETE

    @property
    def unanswered(self) -> list[Blocker]:
        """The questions to answer before a dossier is printed."""
        return [blocker for blocker in self.transmission if blocker.code == "question_unanswered"]

    @property
    def lacking(self) -> list[RequestedDocument]:
        """What an incomplete dossier lacks."""
        return [row.item for row in self.documents if row.item.is_reopened]

    @property
    def has_lapsed(self) -> bool:
        """Nobody answered the offer in time."""
        return has_lapsed(self.application, today=self.today)

    @property
    def information(self) -> str:
        return rich_text(str(self.application.intake.information))

    @property
    def return_comment(self) -> str:
        comment = self.application.intake.programme.commission.return_comment
        return rich_text(str(comment)) if comment else ""

    @property
    def appointment(self) -> str:
        if self.decision is None or not policy_of(self.decision.type.outcome).has_appointment:
            return ""
        return appointment(self.decision)

    @property
    def shows_comment(self) -> bool:
        decision = self.decision
        return bool(decision and decision.comment and decision.type.shows_comment)

    def questions_below(self, question: int) -> list[QuestionRow]:
        """Those asked or not by the answer to `question`, directly or through one another."""
        above, below = {question}, self.questions
        for _depth in self.questions:
            below = [row for row in self.questions if row.item.question.depends_on_id in above]
            above |= {row.item.question.pk for row in below}
        return below

    def _document(self, item: RequestedDocument) -> DocumentRow:
        about = f"document:{item.requirement.pk}"
        is_editable = self._may_change(item)
        is_open = self.is_paperless and not self.institution.is_upload_closed
        return DocumentRow(
            item,
            is_editable=is_editable,
            takes_files=is_editable and is_open and item.status != ItemStatus.NOT_APPLICABLE,
            refused=self.refused.get(about, []),
            originals=self.originals.get(item.file.pk, []) if item.file else [],
        )

    def _question(self, item: AskedQuestion) -> QuestionRow:
        editable = item.is_due and self._may_change(item)
        form = self.question_forms.get(item.question.pk)
        if form is None and editable:
            form = QuestionForm(item=item)
        return QuestionRow(item, editable, form)

    def _may_change(self, item: Any) -> bool:
        return not self.leased and not item_blockers(item, today=self.today)


def _open_corrections(application: Application) -> list[Correction]:
    if application.correction_due_on is None:
        return []
    return [one for one in corrections_of(application) if one.is_open]


@for_object(Application, "applications.view_own", reading="as_shown")
def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    return show(request, application)


def show(
    request: HttpRequest,
    application: Application,
    *,
    status: int = 200,
    question_forms: dict[int, QuestionForm] | None = None,
    blockers: list[Blocker] | None = None,
    message_form: MessageForm | None = None,
) -> HttpResponse:
    """Render the page. `blockers` are what was refused about the whole application."""
    page = page_of(request, application, question_forms=question_forms or {})
    return show_page(
        request, page, status=status, blockers=blockers or [], message_form=message_form
    )


def show_page(
    request: HttpRequest,
    page: ApplicationPage,
    *,
    blockers: list[Blocker],
    status: int = 200,
    message_form: MessageForm | None = None,
) -> HttpResponse:
    """Render a page worked out already."""
    context = {
        "page": page,
        "application": page.application,
        "blockers": blockers,
        "message_form": message_form,
        "message_field": message_form["text"].as_field_group()
        if message_form
        else _blank_message(get_language()),
        "navigation": "candidate",
    }
    return render(request, "candidate/application/page.html", context, status=status)


def page_of(request: HttpRequest, application: Application, **shown: Any) -> ApplicationPage:
    """The page of `application` as it stands now: after a POST it may have changed meanwhile."""
    if request.method == "POST":
        application = Application.objects.as_shown().get(pk=application.pk)
    application.candidate.user = request.user  # whose it is: read already
    return ApplicationPage(
        application=application,
        now=timezone.now(),
        language=request.LANGUAGE_CODE,
        **shown,
    )
