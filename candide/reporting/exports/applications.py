"""Every column a list of applications may have [back-office 17, 22.3]."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    Outcome,
)
from candide.admissions.applications.models import Answer, SubmittedDocument
from candide.admissions.applications.models.application import effective_due
from candide.admissions.candidates.models import ExternalStudies, InternalStudies
from candide.admissions.candidates.models.identity import display_name
from candide.admissions.correspondence.models import Message, Note
from candide.admissions.decisions.domain.tacit import silent_since
from candide.admissions.decisions.models import Decision
from candide.admissions.tags.domain.tagging import tags_of
from candide.core.keys import Keys
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.requirements.domain.answers import answer_in_words
from candide.institution.requirements.models import Question
from candide.reporting.exports.columns import Beside, Column, Kind, Source, at
from candide.reporting.exports.file_columns import (
    ADDRESS,
    CANDIDATE,
    FILE_COLUMNS,
    SCHOOLING,
    either,
)

PROGRAMME, DOSSIER = "programme", "dossier"
DECISION, ANSWER, QUESTIONS = "decision", "answer", "questions"
ENROLMENT = "enrolment"
GROUPS = {
    CANDIDATE: _("Candidate"),
    ADDRESS: _("Address"),
    PROGRAMME: _("Programme"),
    DOSSIER: _("Dossier"),
    DECISION: _("Decision"),
    ANSWER: _("Answer"),
    ENROLMENT: _("Enrolment"),
    SCHOOLING: _("Schooling"),
    QUESTIONS: _("Questions"),
}

# Whose values a column of statuses shows.
STATUSES: dict[str, Any] = {
    "dossier": DossierStatus,
    "decision": Outcome,
    "answer": CandidateAnswer,
}


# -- What is read beside the rows, once a page ---------------------------------------------------


def _decisions(applications: Collection[int]) -> dict[int, dict[str, Decision]]:
    """For each application its last released decision and its draft."""
    rows = Decision.objects.filter(application__in=Keys(applications)).order_by("released_at", "pk")
    found: dict[int, dict[str, Decision]] = defaultdict(dict)
    for decision in rows.select_related("type", "reason"):
        found[decision.application_id]["draft" if decision.is_draft else "released"] = decision
    return found


def _answers(applications: Collection[int]) -> dict[int, dict[int, Answer]]:
    found: dict[int, dict[int, Answer]] = defaultdict(dict)
    for answer in Answer.objects.filter(application__in=Keys(applications)):
        found[answer.application_id][answer.question_id] = answer
    return found


def _notes(applications: Collection[int]) -> dict[int, str]:
    """What staff wrote about each application, oldest first."""
    rows = Note.objects.filter(application__in=Keys(applications)).select_related("author")
    found: dict[int, list[str]] = defaultdict(list)
    for note in rows.order_by("written_at", "pk"):
        day = date_format(localtime(note.written_at), "SHORT_DATE_FORMAT")
        found[note.application_id].append(f"{day} {note.author or '–'} : {note.text}")
    return {pk: "\n".join(texts) for pk, texts in found.items()}


SOURCES: dict[str, Source] = {
    "notes": _notes,
    "decisions": _decisions,
    "answers": _answers,
    "tags": tags_of,
}


def _decision(which: str, name: str) -> Beside:
    """The value `name` of the released decision or of the draft."""

    def value(decisions: dict[str, Decision] | None) -> Any:
        decision = (decisions or {}).get(which)
        return getattr(decision, name) if decision else None

    return Beside("decisions", value)


# -- What is computed with the rows --------------------------------------------------------------


def _beside(model: type[Any], **wanted: Any) -> Any:
    """How many rows of `model` an application has that are as wanted."""
    rows = model._default_manager.filter(application=OuterRef("pk"), **wanted)
    counted = rows.order_by().values("application").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _last(model: type[Any], name: str) -> Any:
    rows = model._default_manager.filter(candidate=OuterRef("candidate")).order_by("-year", "-pk")
    return Subquery(rows.values(name)[:1])


def _last_given(model: type[Any], name: str) -> Any:
    """When something of the application was changed last."""
    rows = model._default_manager.filter(application=OuterRef("pk")).order_by(f"-{name}")
    return Subquery(rows.values(name)[:1])


# The day an application waits for a decision since, where the institution counts the silence.
SILENCE = Column(
    "silent_since",
    _("No decision since"),
    DOSSIER,
    at("silent_since"),
    Kind.DAY,
    order="silent_since",
    is_nullable=True,
    annotated=lambda: {"silent_since": silent_since()},
)

# In spreadsheets alone, and only where the institution lets notes leave.
NOTE_TEXTS = Column(
    "note_texts", _("Text of the notes"), DOSSIER, Beside("notes", lambda text: text)
)

COLUMNS: tuple[Column, ...] = (
    # Candidate
    Column(
        "name",
        _("Candidate"),
        CANDIDATE,
        at("candidate.usual_name", "candidate.birth_name", "candidate.first_name",
           make=display_name),
        order="candidate__birth_name",
        is_default=True,
    ),
    Column("file_number", _("File number"), CANDIDATE, at("candidate.user.file_number"),
           order="candidate__user__file_number", is_nullable=True, is_default=True),
    Column("birth_name", _("Birth name"), CANDIDATE, at("candidate.birth_name"),
           order="candidate__birth_name"),
    Column("first_name", _("First name"), CANDIDATE, at("candidate.first_name"),
           order="candidate__first_name"),
    Column("born_on", _("Date of birth"), CANDIDATE, at("candidate.born_on"), Kind.DAY,
           order="candidate__born_on"),
    Column("nationality", _("Nationality"), CANDIDATE, at("candidate.nationality")),
    Column("birth_country", _("Country of birth"), CANDIDATE, at("candidate.birth_country")),
    Column("email", _("E-mail"), CANDIDATE, at("candidate.user.email"),
           order="candidate__user__email"),
    Column("mobile", _("Mobile telephone"), CANDIDATE, at("candidate.mobile")),
    Column("ine", _("INE"), CANDIDATE, at("candidate.ine"), order="candidate__ine"),
    Column("student_number", _("Student number"), CANDIDATE, at("candidate.student_number"),
           order="candidate__student_number"),
    Column("continuing", _("Continuing education"), CANDIDATE,
           at("candidate.user.is_continuing_education"), Kind.FLAG,
           order="candidate__user__is_continuing_education"),
    Column("city", _("Town"), CANDIDATE,
           at("candidate.address.commune", "candidate.address.foreign_city", make=either)),
    Column("country", _("Country"), CANDIDATE, at("candidate.address.country")),
    # Programme
    Column("programme", _("Programme"), PROGRAMME, at("intake.programme.name"),
           order="intake__programme__search_text", is_default=True),
    Column("programme_code", _("Code of the programme"), PROGRAMME, at("intake.programme.code"),
           order="intake__programme__code"),
    Column("commission", _("Commission"), PROGRAMME, at("intake.programme.commission.name"),
           order="intake__programme__commission__code"),
    Column("centre", _("Centre"), PROGRAMME, at("intake.programme.commission.centre.name"),
           order="intake__programme__commission__centre__code"),
    Column("campaign", _("Campaign"), PROGRAMME, at("intake.campaign.label"),
           order="intake__campaign__code"),
    # Dossier
    Column("dossier", _("Dossier"), DOSSIER, at("dossier_status"), Kind.STATUS,
           order="dossier_status", status="dossier", is_default=True),
    Column("created", _("Applied on"), DOSSIER, at("created_at"), Kind.MOMENT,
           order="created_at"),
    Column("changed", _("Last change of status"), DOSSIER, at("status_changed_at"), Kind.MOMENT,
           order="status_changed_at", is_nullable=True),
    Column("transmitted", _("Transmitted"), DOSSIER, at("transmitted_at"), Kind.MOMENT,
           order="transmitted_at", is_nullable=True, is_default=True),
    Column("received", _("Received"), DOSSIER, at("received_on"), Kind.DAY, order="received_on",
           is_nullable=True),
    Column("complete", _("Complete"), DOSSIER, at("complete_on"), Kind.DAY, order="complete_on",
           is_nullable=True),
    Column("incomplete", _("Declared incomplete"), DOSSIER, at("incomplete_on"), Kind.DAY,
           order="incomplete_on", is_nullable=True),
    Column("due", _("Dossier due"), DOSSIER,
           at("documents_extended_to", "intake.documents_due_on", make=effective_due), Kind.DAY,
           order="intake__documents_due_on"),
    Column("extended", _("Individual day for the dossier"), DOSSIER, at("documents_extended_to"),
           Kind.DAY, order="documents_extended_to", is_nullable=True),
    Column("route", _("Admission route"), DOSSIER, at("route"), Kind.CHOICE, order="route",
           choices=AdmissionRoute),
    Column("route_confirmed", _("Route confirmed"), DOSSIER, at("is_route_confirmed"), Kind.FLAG,
           order="is_route_confirmed"),
    Column("proposal", _("Proposal"), DOSSIER, at("is_proposal"), Kind.FLAG, order="is_proposal"),
    Column("given", _("Documents to check"), DOSSIER, at("documents_submitted"), Kind.NUMBER,
           order="documents_submitted"),
    Column("approved", _("Documents approved"), DOSSIER, at("documents_approved"), Kind.NUMBER,
           order="documents_approved"),
    Column("refused", _("Documents refused"), DOSSIER, at("documents_refused"), Kind.NUMBER,
           order="documents_refused"),
    Column("correction_due", _("Request due"), DOSSIER, at("correction_due_on"), Kind.DAY,
           order="correction_due_on", is_nullable=True),
    Column("notes", _("Notes"), DOSSIER, at("number_notes"), Kind.NUMBER, order="number_notes",
           annotated=lambda: {"number_notes": _beside(Note)}),
    Column("messages", _("Messages to read"), DOSSIER, at("number_messages"), Kind.NUMBER,
           order="number_messages",
           annotated=lambda: {
               "number_messages": _beside(Message, is_from_candidate=True, read_at=None)
           }),
    SILENCE,
    Column("tags", _("Tags"), DOSSIER, Beside("tags", lambda tags: tags), Kind.TAGS),
    Column("cancelled", _("Cancelled"), DOSSIER, at("cancelled_at"), Kind.MOMENT,
           order="cancelled_at", is_nullable=True),
    Column("cancelled_by", _("Cancelled by"), DOSSIER, at("cancelled_by")),
    Column("documents_changed", _("Last change of documents"), DOSSIER,
           at("documents_changed"), Kind.MOMENT,
           annotated=lambda: {"documents_changed": _last_given(SubmittedDocument, "updated_at")}),
    Column("answers_changed", _("Last answer to a question"), DOSSIER, at("answers_changed"),
           Kind.MOMENT,
           annotated=lambda: {"answers_changed": _last_given(Answer, "answered_at")}),
    # Decision
    Column("decision", _("Decision"), DECISION, at("released_outcome"), Kind.STATUS,
           order="released_outcome", status="decision", is_default=True),
    Column("decision_type", _("Type of decision"), DECISION, _decision("released", "type")),
    Column("reason", _("Reason"), DECISION, _decision("released", "reason")),
    Column("rank", _("Rank"), DECISION, _decision("released", "rank"), Kind.NUMBER),
    Column("current_rank", _("Current rank"), DECISION, _decision("released", "current_rank"),
           Kind.NUMBER),
    Column("comment", _("Comment"), DECISION, _decision("released", "comment")),
    Column("released", _("Released on"), DECISION, _decision("released", "released_at"),
           Kind.MOMENT),
    Column("draft", _("Draft"), DECISION, _decision("draft", "type")),
    Column("draft_rank", _("Rank in the draft"), DECISION, _decision("draft", "rank"), Kind.NUMBER),
    Column("shortlist_on", _("Day of the interview"), DECISION,
           _decision("released", "shortlist_on"), Kind.DAY),
    Column("shortlist_time", _("Hour of the interview"), DECISION,
           _decision("released", "shortlist_time")),
    Column("shortlist_place", _("Place of the interview"), DECISION,
           _decision("released", "shortlist_place")),
    Column("appeal", _("Follows an appeal"), DECISION, _decision("released", "is_appeal"),
           Kind.FLAG),
    Column("promotion", _("Called from the reserve list"), DECISION,
           _decision("released", "is_promotion"), Kind.FLAG),
    # Answer
    Column("answer", _("Answer"), ANSWER, at("answer"), Kind.STATUS, order="answer",
           status="answer", is_default=True),
    Column("answered", _("Answered on"), ANSWER, at("answered_at"), Kind.MOMENT,
           order="answered_at", is_nullable=True),
    Column("answer_due", _("Answer due"), ANSWER, at("acceptance_due_on"), Kind.DAY,
           order="acceptance_due_on", is_nullable=True),
    Column("answer_extended", _("Individual day to answer"), ANSWER, at("acceptance_extended_to"),
           Kind.DAY, order="acceptance_extended_to", is_nullable=True),
    # Enrolment
    Column("regime", _("Study regime"), ENROLMENT, at("study_regime"),
           order="study_regime__name", is_nullable=True),
    Column("fee", _("Amount due"), ENROLMENT, at("fee_amount"), Kind.NUMBER,
           order="fee_amount", is_nullable=True),
    Column("exemption", _("Exemption"), ENROLMENT, at("fee_exemption"),
           order="fee_exemption__name", is_nullable=True),
    Column("exemption_note", _("Complement on the exemption"), ENROLMENT, at("exemption_note"),
           order="exemption_note"),
    # Schooling
    Column("bac_year", _("Year of the baccalaureate"), SCHOOLING,
           at("candidate.baccalaureate.year"), order="candidate__baccalaureate__year",
           is_nullable=True),
    Column("bac_series", _("Series"), SCHOOLING, at("candidate.baccalaureate.series"),
           order="candidate__baccalaureate__series__code", is_nullable=True),
    Column("bac_honours", pgettext_lazy("baccalaureate", "Honours"), SCHOOLING,
           at("candidate.baccalaureate.honours")),
    Column("last_studies", _("Last studies elsewhere"), SCHOOLING, at("last_studies"),
           annotated=lambda: {"last_studies": _last(ExternalStudies, "label")}),
    Column("last_studies_year", _("Year of the last studies elsewhere"), SCHOOLING,
           at("last_studies_year"), order="last_studies_year", is_nullable=True,
           annotated=lambda: {"last_studies_year": _last(ExternalStudies, "year")}),
    Column("last_here", _("Last studies here"), SCHOOLING, at("last_here"),
           annotated=lambda: {"last_here": _last(InternalStudies, "label")}),
    *FILE_COLUMNS,
)  # fmt: skip


def question_columns(questions: QuerySet[Question]) -> list[Column]:
    """A column for each of `questions`: what was answered."""
    return [_question(question) for question in questions.order_by("code")]


def _question(question: Question) -> Column:
    def value(answers: dict[int, Answer] | None) -> str:
        answer = (answers or {}).get(question.pk)
        return answer_in_words(question, answer.value) if answer else ""

    return Column(f"q-{question.pk}", str(question.label), QUESTIONS, Beside("answers", value))
