"""What a candidate has to do, the most urgent first: the head of « Mon espace » [UI-03 REC]."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    asked_questions_of,
    links_of,
    open_forms_of,
    requested_documents_of,
)
from candide.admissions.applications.domain.editing import editing_blockers, waits_for_dossier
from candide.admissions.applications.domain.stage import has_lapsed, stage
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.completeness import mandatory_blockers
from candide.admissions.candidates.enums import IneState
from candide.admissions.candidates.models import Candidate
from candide.institution.catalogue.domain.dates import window_of
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution, Intake
from candide.institution.requirements.models import ExternalForm

TO_BE_ANSWERED = frozenset({"offered"})


@dataclass(frozen=True)
class Task:
    """One thing to do. `about` names where, as a `Blocker` does: "application:12",
    "application:12/document-5", "section:address", "catalogue:"."""

    code: str
    text: str
    about: str
    due_on: date | None = None
    programme: str = ""


def things_to_do(
    user: Any,
    applications: Sequence[Application],
    *,
    today: date,
    institution: Institution,
    is_file_complete: bool,
    wanted: Intake | None = None,
) -> list[Task]:
    """What `user` has to do for their file and for their live `applications` (`with_offer()`),
    by deadline. `wanted` is what they began to apply to before the file was filled in. A constant
    number of queries, however many applications."""
    candidate: Candidate | None = (
        applications[0].candidate if applications else Candidate.objects.filter(user=user).first()
    )
    given = [
        application
        for application in applications
        if is_still_to_be_given(application, today=today)
    ]
    online = [application for application in given if is_paperless(application.intake, institution)]
    examined = [application for application in applications if _is_examined(application)]
    links = links_of([*given, *examined])
    documents = requested_documents_of(given, links=links)
    questions = asked_questions_of(given, links=links)
    forms = open_forms_of([*given, *examined], links=links)
    tasks = [
        *(() if is_file_complete else _file(user, wanted)),
        *_claim(candidate),
        *_apply(applications, wanted),
    ]
    for application in applications:
        tasks += _answer(application, today)
        tasks += _correct(application, today)
        waiting = forms.get(application.pk, [])
        if application in online:
            tasks += _online(
                application,
                documents[application.pk],
                questions[application.pk],
                is_shut=bool(waiting) and institution.forms_block_transmission,
            )
        elif application in given:
            tasks += _paper(application, documents[application.pk], questions[application.pk])
        tasks += _fill_in(application, waiting)
    return sorted(tasks, key=lambda task: (task.due_on or date.max, task.programme))


def with_campaigns(tasks: Sequence[Task], applications: Sequence[Application]) -> list[Task]:
    """`tasks` about `applications` (with their campaigns): who applied to one programme in two
    campaigns at once reads which of the two each is about."""
    often = Counter(each.intake.programme_id for each in applications)
    named = {
        f"application:{each.pk}": f"{each.intake.programme} – {each.intake.campaign}"
        for each in applications
        if often[each.intake.programme_id] > 1
    }
    return [
        replace(task, programme=named.get(task.about.partition("/")[0], task.programme))
        for task in tasks
    ]


def next_deadline(application: Application) -> date | None:
    """The next day the candidate must mind, if any; it may be past where nothing was done."""
    if stage(application).code in TO_BE_ANSWERED:
        return application.acceptance_due_on
    days = [application.correction_due_on]
    if waits_for_dossier(application):
        days.append(application.documents_due_on)
    return min((day for day in days if day is not None), default=None)


def is_still_to_be_given(application: Application, *, today: date) -> bool:
    """Whether the dossier waits for the candidate, who still may hand it over."""
    return not editing_blockers(application, today=today)


def _file(user: Any, wanted: Intake | None) -> Iterator[Task]:
    due = window_of(wanted).last if wanted else None
    for blocker in mandatory_blockers(user):
        yield Task(blocker.code, blocker.message, blocker.about, due)


def _claim(candidate: Candidate | None) -> Iterator[Task]:
    if candidate is not None and candidate.ine_state == IneState.CLAIMED:
        yield Task(
            "ine_claimed",
            _("Your INE is also in another account: find out whether it is an older one of yours."),
            "section:identity",
        )


def _apply(applications: Sequence[Application], wanted: Intake | None) -> Iterator[Task]:
    if wanted:
        text, programme = _("Continue applying to this programme."), str(wanted.programme)
        yield Task("apply", text, f"intake:{wanted.pk}", window_of(wanted).last, programme)
    elif not applications:
        yield Task("choose", _("Choose a programme and apply to it."), "catalogue:")


def _correct(application: Application, today: date) -> Iterator[Task]:
    """What staff ask for again, while it may be given."""
    due = application.correction_due_on
    if due is not None and due >= today and application.cancelled_at is None:
        text = _("Complete your application: the admissions office asks for documents or answers.")
        about = f"application:{application.pk}/corrections"
        yield Task("correct", text, about, due, str(application.intake.programme))


def _answer(application: Application, today: date) -> Iterator[Task]:
    if stage(application).code in TO_BE_ANSWERED and not has_lapsed(application, today=today):
        text = _("You are admitted: confirm your application, or withdraw.")
        yield _task(application, "answer", text, application.acceptance_due_on)


def _is_examined(application: Application) -> bool:
    """Handed over, and no decision was released: a form may still be filled in."""
    handed_over = {DossierStatus.RECEIVED, DossierStatus.COMPLETE}
    is_over = application.is_cancelled or bool(application.released_outcome)
    return application.dossier_status in handed_over and not is_over


def _online(
    application: Application,
    documents: list[RequestedDocument],
    questions: list[AskedQuestion],
    *,
    is_shut: bool,
) -> Iterator[Task]:
    """`is_shut`: something else has to be done before transmitting."""
    due = application.documents_due_on
    replaced = [item for item in documents if _is_refused(item)]
    missing = [item for item in documents if item.status == ItemStatus.MISSING]
    unanswered = _unanswered(questions)
    if replaced:
        text = ngettext("Replace a document.", "Replace %(count)d documents.", len(replaced))
        yield _task(application, "replace", text % {"count": len(replaced)}, due, _anchor(replaced))
    if missing:
        text = ngettext("Give a document.", "Give %(count)d documents.", len(missing))
        yield _task(application, "give", text % {"count": len(missing)}, due, _anchor(missing))
    yield from _reply(application, unanswered)
    if not (replaced or missing or unanswered or is_shut):
        text = _("Everything is there: transmit your application.")
        yield _task(application, "transmit", text, due)


def _paper(
    application: Application, documents: list[RequestedDocument], questions: list[AskedQuestion]
) -> Iterator[Task]:
    """Answers are printed with the dossier, so they come first. One that arrived lacks what staff
    found missing."""
    due = application.documents_due_on
    yield from _reply(application, _unanswered(questions))
    if application.dossier_status == DossierStatus.AWAITED:
        text = _("Print your dossier and send it by post with the documents.")
        yield _task(application, "post", text, due)
    elif lacking := [item for item in documents if item.is_reopened]:
        names = ", ".join(str(item.requirement.label) for item in lacking)
        text = _("Send by post: %(documents)s.") % {"documents": names}
        yield _task(application, "post_missing", text, due, _anchor(lacking))
    elif not _unanswered(questions):
        text = _("Your dossier was declared incomplete: ask the commission what it lacks.")
        yield _task(application, "post_missing", text, due, "contact")


def _reply(application: Application, unanswered: list[AskedQuestion]) -> Iterator[Task]:
    if unanswered:
        text = ngettext("Answer a question.", "Answer %(count)d questions.", len(unanswered))
        anchor = f"question-{unanswered[0].question.pk}"
        due = application.documents_due_on
        yield _task(application, "reply", text % {"count": len(unanswered)}, due, anchor)


def _fill_in(application: Application, forms: list[ExternalForm]) -> Iterator[Task]:
    """Forms of other sites that are still open [FORM-01]."""
    if forms:
        text = ngettext("Fill in a form.", "Fill in %(count)d forms.", len(forms))
        due = application.documents_due_on if waits_for_dossier(application) else None
        anchor = f"form-{forms[0].pk}"
        yield _task(application, "fill_in", text % {"count": len(forms)}, due, anchor)


def _unanswered(questions: list[AskedQuestion]) -> list[AskedQuestion]:
    return [item for item in questions if item.is_lacking]


def _is_refused(item: RequestedDocument) -> bool:
    asked_again = bool(item.submitted and item.submitted.is_requested_again)
    return asked_again or item.status == ItemStatus.REFUSED


def _anchor(items: list[RequestedDocument]) -> str:
    return f"document-{items[0].requirement.pk}"


def _task(
    application: Application, code: str, text: str, due_on: date | None, anchor: str = ""
) -> Task:
    about = f"application:{application.pk}" + (f"/{anchor}" if anchor else "")
    return Task(code, text, about, due_on, str(application.intake.programme))
