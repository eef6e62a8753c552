"""« Une candidature »: the dossier beside the document being looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from candide.admissions.applications.domain.asked import (
    RequestedDocument,
    asked_questions,
    requested_documents,
    requested_forms,
)
from candide.admissions.applications.domain.documents import file_service_blockers
from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.domain.external_forms import open_forms
from candide.admissions.applications.domain.snapshot import dossier_data, latest_snapshot
from candide.admissions.applications.enums import EDITABLE_STATUSES
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import extending_blockers
from candide.admissions.decisions.domain.current import (
    draft_decision,
    draft_mark,
    released_decision,
)
from candide.admissions.decisions.domain.queries import decisions_on
from candide.admissions.decisions.models import Decision
from candide.admissions.tags.domain.tagging import offered_tags, tags_of
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object
from candide.foundation.files.domain.blobs import kept_originals
from candide.foundation.files.models import OriginalFile, StoredFile
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.mails.domain.queries import outbox
from candide.institution.pages.domain.wording import choices_of
from candide.web.shared.downloads import serve, serve_content, serve_original
from candide.web.shared.errors import file_unavailable
from candide.web.staff.beside import shown_beside
from candide.web.staff.enrolment_forms import FeesForm, RegimeForm
from candide.web.staff.forms import (
    AnswerDeadlineForm,
    CheckForm,
    DeadlineForm,
    DecisionForm,
    StatusForm,
)
from candide.web.staff.handover.beside import handover_beside
from candide.web.staff.history import sentences
from candide.web.staff.walking import Steps, steps_of, walk_of


@dataclass
class DossierPage:
    """What the page shows of one application to one member of staff."""

    application: Application
    user: Any
    now: datetime
    chosen: int | None
    copies: bool = False

    def __post_init__(self) -> None:
        application = self.application
        self.snapshot = latest_snapshot(application)
        is_frozen = (
            self.snapshot is not None and application.dossier_status not in EDITABLE_STATUSES
        )
        self.documents: list[RequestedDocument] = requested_documents(
            application, with_internal=True
        )
        self.questions = asked_questions(application)
        self.data = (
            self.snapshot.data
            if self.snapshot and is_frozen
            else dossier_data(
                application,
                now=self.now,
                documents=[item for item in self.documents if not item.is_internal],
                questions=self.questions,
            )
        )
        self.is_frozen = is_frozen
        self.is_paperless = is_paperless(application.intake)
        self.released: Decision | None = released_decision(application)
        self.draft: Decision | None = draft_decision(application)
        self.draft_mark = draft_mark(self.draft)

    @property
    def document(self) -> RequestedDocument | None:
        """The document in the viewer: the chosen one, else the first still to be checked, else
        the first with a file."""
        with_file = [item for item in self.documents if item.file]
        for item in self.documents:
            if item.requirement.pk == self.chosen:
                return item
        unchecked = [item for item in with_file if item.status == "submitted"]
        return next(iter([*unchecked, *with_file, *self.documents]), None)

    @property
    def originals(self) -> list[OriginalFile]:
        """What was uploaded, where the document in the viewer is not that file itself."""
        file = self.document.file if self.document else None
        return kept_originals([file])[file.pk] if file else []

    @property
    def copied(self) -> Decision | None:
        """The last released decision, if a new one is to begin with it."""
        return self.released if self.copies and self.draft is None else None

    @property
    def decision_form(self) -> DecisionForm:
        return DecisionForm(application=self.application, draft=self.draft, copied=self.copied)

    @property
    def decisions(self) -> list[Decision]:
        """Every decision, the draft too, newest first."""
        return list(decisions_on(self.application))

    @property
    def steps(self) -> Steps:
        """The documents around the one in the viewer."""
        return steps_of(self.documents, self.document)

    @property
    def answer_deadline_form(self) -> AnswerDeadlineForm | None:
        """Where the last day to answer is given, for an offer that waits for one."""
        if extending_blockers(self.application):
            return None
        return AnswerDeadlineForm(initial={"day": self.application.acceptance_extended_to})

    def may(self, permission: str) -> bool:
        return self.user.has_perm(permission, self.application)

    def acts(self) -> dict[str, bool]:
        """What the page offers to who reads it, the way to the candidate among it."""
        is_open = self.application.archived_at is None
        may = {name: is_open and self.may(permission) for name, permission in ACTS.items()}
        account = self.application.candidate.user
        return may | {"candidate": self.user.has_perm("candidates.open", account)}


# What the page offers to those who may.
ACTS = {
    "check": "applications.check_documents",
    "set_status": "applications.set_status",
    "set_route": "applications.set_route",
    "confirm_route": "decisions.confirm_route",
    "enter": "decisions.enter",
    "release": "decisions.release",
    "set_deadlines": "applications.set_deadlines",
    "restore": "applications.restore",
    "write": "applications.write_to",
    "set_fees": "applications.set_fees",
    "set_regime": "applications.set_regime",
    "tag": "tags.tag",
    "remind_forms": "applications.check_documents",
}


def show(
    request: HttpRequest,
    application: Application,
    *,
    status: int = 200,
    piece: int | None = None,
    **shown: Any,
) -> HttpResponse:
    """Render the page; `shown` replaces forms that were refused, or adds blockers. The document
    in the viewer is `piece`, else the one the address names."""
    raw = request.GET.get("piece", "") if piece is None else str(piece)
    if request.method == "POST":  # it may have changed meanwhile
        application = Application.objects.with_offer().get(pk=application.pk)
    page = DossierPage(
        application=application,
        user=request.user,
        now=timezone.now(),
        chosen=whole_number(raw),
        copies="copy" in request.GET,
    )
    context = {
        "page": page,
        "application": page.application,
        **shown_beside(page.application, request.user, today=localdate(page.now)),
        "walk": walk_of(request, page.application, today=localdate(page.now)),
        "check_form": CheckForm(item=page.document) if page.document else None,
        "status_form": StatusForm(application=page.application, documents=page.documents),
        "deadline_form": DeadlineForm(initial={"day": page.application.documents_extended_to}),
        "answer_deadline_form": page.answer_deadline_form,
        "decision_form": page.decision_form,
        "routes": choices_of(AdmissionRoute),
        "history": sentences(entries_about(application)[:50]),
        "mails": outbox(about=application, with_copies=False)[:20],
        "may": page.acts(),
        "navigation": "staff",
        **_tags_and_forms(page.application),
        **_enrolment_forms(page),
        **shown,
    }
    return render(request, "staff/application/page.html", context, status=status)


def _tags_and_forms(application: Application) -> dict[str, Any]:
    """The tags it has and may be given, and the external forms asked of its candidate."""
    forms = requested_forms(application)
    return {
        "tags": tags_of([application.pk]).get(application.pk, []),
        "offered_tags": offered_tags(application),
        "forms": forms,
        "open_forms": len(open_forms(forms)),
    }


def _enrolment_forms(page: DossierPage) -> dict[str, Any]:
    """Where the fee, the regime and the enrolment code are entered, by those who may."""
    application = page.application
    beside = handover_beside(application, page.user)
    if application.cancelled_at is not None or application.archived_at is not None:
        return {"fees_form": None, "regime_form": None, **beside}
    may_fees, may_regime = map(page.may, (ACTS["set_fees"], ACTS["set_regime"]))
    return {
        "fees_form": FeesForm(application=application) if may_fees else None,
        "regime_form": RegimeForm(application=application) if may_regime else None,
        **beside,
    }


@for_object(Application, "applications.examine")
def application_page(request: HttpRequest, application: Application) -> HttpResponse:
    return show(request, application)


@for_object(Application, "applications.examine")
def document_file(request: HttpRequest, application: Application, requirement: int) -> HttpResponse:
    """The document as this application uses it, for the viewer or to keep."""
    file = _given(application, requirement)
    if closed := file_service_blockers():
        return file_unavailable(request, closed)
    as_attachment = "download" in request.GET
    return serve(request, file, as_attachment=as_attachment, filename=file.name)


def _given(application: Application, requirement: int) -> StoredFile:
    """The file given for `requirement`, or 404."""
    for item in requested_documents(application, with_internal=True):
        if item.requirement.pk == requirement and item.file is not None:
            return item.file
    raise Http404


@for_object(Application, "applications.examine")
def document_original(
    request: HttpRequest, application: Application, requirement: int, position: int
) -> HttpResponse:
    """« Fichier d'origine »: what was uploaded, where the document is not that file itself."""
    original = get_object_or_404(_given(application, requirement).originals, position=position)
    if closed := file_service_blockers():
        return file_unavailable(request, closed)
    return serve_original(request, original)


@for_object(Application, "applications.download")
def download_dossier(request: HttpRequest, application: Application) -> HttpResponse:
    """The dossier as one PDF, as transmitted."""
    dossier = current_dossier(application, language=request.LANGUAGE_CODE, now=timezone.now())
    return serve_content(
        request,
        dossier.content,
        media_type="application/pdf",
        filename=dossier.name,
        as_attachment=True,
    )


@for_object(Application, "decisions.read_letter")
def letter(request: HttpRequest, application: Application) -> HttpResponse:
    """The letter of the last released decision."""
    decision = released_decision(application)
    found = getattr(decision, "letter", None) if decision else None
    if found is None:
        raise Http404
    return serve(request, found.file, as_attachment=True, filename=found.file.name)
