"""What an application is asked for, and what was given: documents and questions [PJ-01, QST-01]."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from candide.admissions.applications.enums import GIVEN_STATUSES, ItemStatus
from candide.admissions.applications.models import (
    AdditionalDocument,
    Answer,
    Application,
    CorrectionItem,
    FormAnswer,
    SubmittedDocument,
)
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Intake
from candide.institution.requirements.domain.asking import order, origin_of
from candide.institution.requirements.models import (
    Asked,
    DocumentRequirement,
    ExternalForm,
    Question,
)


@dataclass
class RequestedDocument:
    """A document as one application is asked for it, and what was given."""

    application: Application
    requirement: DocumentRequirement
    submitted: SubmittedDocument | None
    additional: AdditionalDocument | None = None
    correction: CorrectionItem | None = None

    @property
    def is_internal(self) -> bool:
        """Staff alone see and give it."""
        return self.additional is not None and self.additional.is_internal

    @property
    def status(self) -> str:
        return self.submitted.status if self.submitted else ItemStatus.MISSING

    @property
    def comment(self) -> str:
        return self.submitted.comment if self.submitted else ""

    @property
    def file(self) -> Any:
        return self.submitted.version.file if self.submitted else None

    @property
    def is_from_sis(self) -> bool:
        return bool(self.submitted and self.submitted.version.is_from_sis)

    @property
    def destroyed_at(self) -> datetime | None:
        """When its file was destroyed, being an identity paper: what was said of it stays."""
        return self.submitted.version.destroyed_at if self.submitted else None

    @property
    def is_checked_on_paper(self) -> bool:
        """Neither a file nor a statement of the candidate: staff's verdict on what was posted."""
        version = self.submitted.version if self.submitted else None
        if version is None or version.file or version.destroyed_at:
            return False
        return version.status != ItemStatus.NOT_APPLICABLE

    @property
    def is_requested_again(self) -> bool:
        """Staff ask for another version."""
        return bool(self.submitted and self.submitted.is_requested_again)

    @property
    def seen(self) -> int | None:
        """The version a page shows, which it sends back with a change [PJ-13]."""
        return self.submitted.version_id if self.submitted else None

    @property
    def given_since_frozen(self) -> bool:
        """Given after the last snapshot, so that it may still be changed while incomplete."""
        frozen_at = self.application.frozen_at
        given_at = self.submitted.version.given_at if self.submitted else None
        return frozen_at is None or (given_at is not None and given_at > frozen_at)

    @property
    def is_reopened(self) -> bool:
        """Refused, missing or requested: what reopens when the dossier is incomplete."""
        return self.is_requested_again or self.status in {ItemStatus.MISSING, ItemStatus.REFUSED}


@dataclass
class AskedQuestion:
    """A question as one application is asked it, and its answer. One that is not due waits for
    another to be answered so that it is asked."""

    application: Application
    question: Question
    answer: Answer | None
    is_due: bool = True
    correction: CorrectionItem | None = None

    @property
    def status(self) -> str:
        return self.answer.status if self.answer else ItemStatus.MISSING

    @property
    def value(self) -> Any:
        return self.answer.value if self.answer else None

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, and not the statement of not being concerned."""
        return self.status not in {ItemStatus.MISSING, ItemStatus.NOT_APPLICABLE}

    @property
    def seen(self) -> int:
        """The version of the answer a page shows, which it sends back with a change [QST-06]."""
        return self.answer.version if self.answer else 0

    @property
    def given_since_frozen(self) -> bool:
        frozen_at = self.application.frozen_at
        return frozen_at is None or (
            self.answer is not None and self.answer.answered_at > frozen_at
        )

    @property
    def is_reopened(self) -> bool:
        """Refused, unanswered, or named in an open request."""
        is_open = self.status in {ItemStatus.MISSING, ItemStatus.REFUSED}
        return is_open or self.correction is not None

    @property
    def is_lacking(self) -> bool:
        """Whether a dossier lacks its answer."""
        return self.is_due and self.question.is_required and self.status not in GIVEN_STATUSES


@dataclass
class RequestedForm:
    """An external form as one application is asked to fill it in, and what came back. `answer` is
    that of another application of the person where the form is shared."""

    application: Application
    form: ExternalForm
    answer: FormAnswer | None

    @property
    def status(self) -> str:
        return self.answer.status if self.answer else ItemStatus.MISSING

    @property
    def answers(self) -> list[dict[str, str]]:
        return self.answer.answers if self.answer else []


@dataclass
class _Catalogue:
    """Requirements of one model that concern some applications, and to which programmes each
    non-common one is linked."""

    asked: Sequence[Any]
    linked: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def of(self, application: Application, given: Iterable[int]) -> list[Any]:
        """Those asked of `application`, in order: common to the institution, common to the
        centre, linked to the programme, then those given though no longer asked."""
        programme = application.intake.programme
        centre_id = programme.commission.centre_id
        groups: list[list[Any]] = [[], [], [], []]
        for one in self.asked:
            is_linked = programme.pk in self.linked[one.pk]
            origin = origin_of(one, centre_id=centre_id, is_linked=is_linked)
            if one.route not in {"", application.route}:
                origin = None
            if origin is not None:
                groups[origin].append(one)
            elif one.pk in given:
                groups[-1].append(one)
        return [one for group in groups for one in sorted(group, key=order)]


Links = dict[type[Asked], dict[int, set[int]]]


def links_of(applications: Sequence[Application]) -> Links:
    """To which programmes of `applications` documents, questions and forms are linked, by model
    and pk. One query for all three, to be shared by those who ask for more than one."""
    programmes = {application.intake.programme_id for application in applications}
    models: tuple[type[Asked], ...] = (DocumentRequirement, Question, ExternalForm)
    one, *others = (
        model.programmes.through.objects.filter(programme_id__in=programmes)  # type: ignore[attr-defined]
        .annotate(model=Value(number))
        .values_list("model", f"{model._meta.model_name}_id", "programme_id")
        for number, model in enumerate(models)
    )
    links: Links = {model: defaultdict(set) for model in models}
    for number, pk, programme_id in one.union(*others, all=True) if programmes else ():
        links[models[number]][pk].add(programme_id)
    return links


def _catalogue(
    model: type[Asked],
    applications: Sequence[Application],
    given: set[int] | QuerySet[Any],
    links: Links | None = None,
) -> Any:
    """What of `model` may concern `applications`, those given to them among it: by their keys, or
    by a query that finds these."""
    centres = {a.intake.programme.commission.centre_id for a in applications}
    concerned = Q(is_common=True) & (Q(centre=None) | Q(centre__in=centres))
    linked = links[model] if links is not None else _linked(model, applications)
    catalogue = _Catalogue([], defaultdict(set, linked))
    rows: Any = model._default_manager.filter(
        (concerned & Q(is_active=True)) | Q(pk__in=set(linked)) | Q(pk__in=given)
    )
    if model is DocumentRequirement:
        rows = rows.select_related("template_file")
    catalogue.asked = list(rows)
    return catalogue


def _linked(model: type[Asked], applications: Sequence[Application]) -> dict[int, set[int]]:
    """To which programmes of `applications` rows of `model` are linked, by pk."""
    programmes = {application.intake.programme_id for application in applications}
    through: Any = model.programmes.through  # type: ignore[attr-defined]
    linked: dict[int, set[int]] = defaultdict(set)
    rows = through.objects.filter(programme_id__in=programmes)
    for pk, programme_id in rows.values_list(f"{model._meta.model_name}_id", "programme_id"):
        linked[pk].add(programme_id)
    return linked


def open_items_of(applications: Iterable[Application]) -> dict[int, list[CorrectionItem]]:
    """For each application (by pk) with an open request, what is named there. One query where
    there is any, none otherwise."""
    asked = [one for one in applications if one.correction_due_on is not None]
    found: dict[int, list[CorrectionItem]] = {}
    if not asked:
        return found
    items = CorrectionItem.objects.filter(
        correction__application__in=asked, correction__closed_at=None
    ).select_related("correction")
    for item in items:
        found.setdefault(item.correction.application_id, []).append(item)
    return found


def _additional_of(
    applications: Sequence[Application],
) -> dict[int, dict[int, AdditionalDocument]]:
    """For each application (by pk) what is asked of it alone, by requirement. One query where
    there is any, none otherwise."""
    having = [one for one in applications if one.has_additional_documents]
    found: dict[int, dict[int, AdditionalDocument]] = defaultdict(dict)
    for row in AdditionalDocument.objects.filter(application__in=having) if having else ():
        found[row.application_id][row.requirement_id] = row
    return found


def requested_documents_of(
    applications: Sequence[Application],
    *,
    with_internal: bool = False,
    links: Links | None = None,
) -> dict[int, list[RequestedDocument]]:
    """For each application (by pk) the documents asked of it, in order. Three queries, however
    many applications, and one more each where some are asked for corrections or for documents of
    their own; they must come `with_offer()`. `with_internal`: those staff alone see too. `links`,
    where the caller has read them already, save a query."""
    uses: dict[int, dict[int, SubmittedDocument]] = defaultdict(dict)
    rows = SubmittedDocument.objects.filter(application__in=applications)
    for use in rows.select_related("version__file"):
        uses[use.application_id][use.requirement_id] = use
    own, named = _additional_of(applications), open_items_of(applications)
    given = {pk for of_one in uses.values() for pk in of_one}
    given |= {pk for of_one in own.values() for pk in of_one}
    catalogue = _catalogue(DocumentRequirement, applications, given, links)
    found = {}
    for application in applications:
        pk = application.pk
        corrections = {item.requirement_id: item for item in named.get(pk, [])}
        asked = catalogue.of(application, {*uses[pk], *own[pk]})
        items = [
            RequestedDocument(
                application,
                requirement,
                uses[pk].get(requirement.pk),
                own[pk].get(requirement.pk),
                corrections.get(requirement.pk),
            )
            for requirement in asked
        ]
        found[pk] = [item for item in items if with_internal or not item.is_internal]
    return found


def requested_documents(
    application: Application, *, with_internal: bool = False
) -> list[RequestedDocument]:
    """The documents asked of `application`, in the order of PJ-01."""
    return requested_documents_of([application], with_internal=with_internal)[application.pk]


def requested_forms_of(
    applications: Sequence[Application], *, links: Links | None = None
) -> dict[int, list[RequestedForm]]:
    """For each application (by pk) the external forms asked of it, in order [FORM-01]. Two queries
    where none is asked for, three otherwise; `links` save one. What was filled in prevails over not
    being concerned [FORM-06]."""
    own: dict[int, dict[int, FormAnswer]] = defaultdict(dict)
    shared: dict[int, dict[int, FormAnswer]] = defaultdict(dict)
    candidates = {application.candidate_id for application in applications}
    given = FormAnswer.objects.filter(application__in=applications).values("form")
    catalogue = _catalogue(ExternalForm, applications, given, links)
    forms = {form.pk: form for form in catalogue.asked}
    rows = FormAnswer.objects.filter(form__in=forms, application__candidate__in=candidates)
    rows = rows.annotate(candidate_id=F("application__candidate_id"))
    for row in rows.order_by("received_at", "pk"):  # without forms nothing is asked
        own[row.application_id][row.form_id] = row
        if forms[row.form_id].is_shared and row.status != ItemStatus.NOT_APPLICABLE:
            shared[row.candidate_id][row.form_id] = row
    return {
        application.pk: [
            RequestedForm(
                application,
                form,
                shared[application.candidate_id].get(form.pk) or own[application.pk].get(form.pk),
            )
            for form in catalogue.of(application, own[application.pk])
        ]
        for application in applications
    }


def requested_forms(application: Application) -> list[RequestedForm]:
    """The external forms asked of `application`, in order."""
    return requested_forms_of([application])[application.pk]


def open_forms_of(
    applications: Sequence[Application], *, links: Links | None = None
) -> dict[int, list[ExternalForm]]:
    """For each application (by pk) the forms still to be filled in, in order. One query where no
    form is asked for, one more where some are; `links` save another."""
    catalogue = _catalogue(ExternalForm, applications, set(), links)
    asked = {application.pk: catalogue.of(application, ()) for application in applications}
    if not any(asked.values()):
        return asked
    answered: set[tuple[int, int]] = set()
    shared: set[tuple[int, int]] = set()
    rows = FormAnswer.objects.filter(
        application__candidate__in={application.candidate_id for application in applications}
    )
    for of_form, of_application, of_candidate, status in rows.values_list(
        "form", "application", "application__candidate", "status"
    ):
        answered.add((of_form, of_application))
        if status != ItemStatus.NOT_APPLICABLE:
            shared.add((of_form, of_candidate))
    return {
        application.pk: [
            form
            for form in asked[application.pk]
            if (form.pk, application.pk) not in answered
            and not (form.is_shared and (form.pk, application.candidate_id) in shared)
        ]
        for application in applications
    }


def possible_questions_of(
    applications: Sequence[Application], *, links: Links | None = None
) -> dict[int, list[AskedQuestion]]:
    """For each application (by pk) the questions asked of it, in order, and among them those that
    another answer would have asked. Three queries."""
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    for answer in Answer.objects.filter(application__in=applications):
        answers[answer.application_id][answer.question_id] = answer
    given = {pk for of_one in answers.values() for pk in of_one}
    catalogue = _catalogue(Question, applications, given, links)
    named = open_items_of(applications)
    found = {}
    for application in applications:
        own = answers[application.pk]
        corrections = {item.question_id: item for item in named.get(application.pk, [])}
        questions = {question.pk: question for question in catalogue.of(application, own)}
        found[application.pk] = [
            AskedQuestion(
                application,
                question,
                own.get(question.pk),
                _is_due(question, questions, own),
                corrections.get(question.pk),
            )
            for question in questions.values()
            if question.depends_on_id is None or question.depends_on_id in questions
        ]
    return found


def possible_questions(application: Application) -> list[AskedQuestion]:
    """The questions asked of `application`, and those another answer would have asked."""
    return possible_questions_of([application])[application.pk]


def asked_questions_of(
    applications: Sequence[Application], *, links: Links | None = None
) -> dict[int, list[AskedQuestion]]:
    """For each application (by pk) the questions asked of it, conditions on other answers
    applied. Three queries; `links` save one."""
    return {
        application: [item for item in questions if item.is_due]
        for application, questions in possible_questions_of(applications, links=links).items()
    }


def asked_questions(application: Application) -> list[AskedQuestion]:
    """The questions asked of `application`, in order."""
    return asked_questions_of([application])[application.pk]


def _is_due(
    question: Question,
    questions: dict[int, Question],
    answers: dict[int, Answer],
    below: frozenset[int] = frozenset(),
) -> bool:
    """A question that depends on another is asked only when that one is asked and was answered
    so. `below` are those on the way here: a circle is never asked."""
    above = question.depends_on_id
    if above is None:
        return True
    condition = answers.get(above)
    if condition is None or condition.value != question.depends_on_value or above in below:
        return False
    return _is_due(questions[above], questions, answers, below | {question.pk})


def first_seen(intake: Intake) -> tuple[list[RequestedDocument], list[AskedQuestion]]:
    """What whoever applies to `intake` finds on the page of the new application, where nothing was
    given yet: the documents, and the questions with those another answer would have asked."""
    is_direct = intake.route == AdmissionRoute.DIRECT
    future = Application(
        intake=intake, route=AdmissionRoute.UNDETERMINED if is_direct else intake.route
    )
    documents = _catalogue(DocumentRequirement, [future], set()).of(future, ())
    asked = _catalogue(Question, [future], set()).of(future, ())
    questions = {question.pk: question for question in asked}
    return [RequestedDocument(future, document, None) for document in documents], [
        AskedQuestion(future, question, None, _is_due(question, questions, {}))
        for question in asked
        if question.depends_on_id is None or question.depends_on_id in questions
    ]


def asked_of_everybody(intake: Intake) -> tuple[list[DocumentRequirement], list[Question]]:
    """What whoever applies to `intake` will be asked for, before there is an application: the
    documents, and the questions that depend on no other answer."""
    documents, questions = first_seen(intake)
    return (
        [item.requirement for item in documents],
        [item.question for item in questions if item.is_due],
    )
