"""One application in a given state, as unsaved rows that `Crowd` writes in bulk."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from candide.admissions.applications.domain.asked import (
    asked_questions_of,
    requested_documents_of,
)
from candide.admissions.applications.domain.snapshot import fingerprint, heading_data, texts
from candide.admissions.applications.enums import (
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.applications.models import (
    Answer,
    Application,
    DocumentVersion,
    Snapshot,
    SubmittedDocument,
)
from candide.admissions.candidates.models import Candidate
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.demo.states import DRAFT, State
from candide.foundation.files.models import StoredFile
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Intake
from candide.institution.requirements.enums import QuestionKind

VALUES: dict[str, Any] = {
    QuestionKind.YES_NO: False,
    QuestionKind.SHORT_TEXT: "Un tiers temps",
    QuestionKind.LONG_TEXT: "Je souhaite approfondir ce domaine et y travailler ensuite.",
    QuestionKind.NUMBER: "87",
}
# A dossier on paper shows of its documents what was checked, and no file.
CHECKED_ON_PAPER = {DossierStatus.INCOMPLETE, DossierStatus.COMPLETE}
ILLEGIBLE = {
    True: "Document illisible : déposez-en une nouvelle copie.",
    False: "Document illisible : envoyez-en une nouvelle copie.",
}


@dataclass
class Built:
    """The rows of one application."""

    application: Application
    state: State
    versions: list[DocumentVersion] = field(default_factory=list)
    uses: list[SubmittedDocument] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


class ApplicationBuilder:
    """Builds rows. Ranks go up within each intake, so that none is given twice."""

    def __init__(
        self,
        *,
        rng: random.Random,
        now: datetime,
        files: dict[str, StoredFile],
        types: dict[str, DecisionType],
        reasons: list[DecisionReason],
    ) -> None:
        self.rng, self.now, self.files = rng, now, files
        self.types, self.reasons = types, reasons
        self.ranks: dict[int, int] = defaultdict(int)
        self.asked: dict[tuple[int, str], tuple[list, list]] = {}

    def build(self, candidate: Candidate, intake: Intake, state: State) -> Built:
        """The application with its decision; the rest follows in `settle`, once it has a key."""
        applied = self._moment(intake.opens_on, intake.closes_on)
        application = Application(
            candidate=candidate,
            intake=intake,
            created_at=applied,
            created_by=candidate.user,
            route=AdmissionRoute.UNDETERMINED
            if intake.route == AdmissionRoute.DIRECT
            else intake.route,
            is_route_confirmed=intake.route == AdmissionRoute.CONTROLLED,
            dossier_status=state.status,
        )
        self._date(application, state, applied)
        if state.is_cancelled:
            application.cancelled_at = min(applied + timedelta(hours=3), self.now)
            application.cancelled_by = candidate.user
        built = Built(application, state)
        if state.outcome:
            self._decide(built)
        return built

    def settle(self, built: list[Built]) -> None:
        """Documents, answers and snapshots of applications that are written."""
        shared: dict[tuple[int, int, bool], DocumentVersion] = {}
        self._ask(one.application for one in built)
        for one in built:
            documents, questions = self.asked[_asked_by(one.application)]
            self._give(one, documents, shared)
            self._answer(one, questions)
            if one.application.frozen_at:
                one.snapshots.append(self._snapshot(one, documents))

    def _date(self, application: Application, state: State, applied: datetime) -> None:
        """The moments its status left behind."""
        if state.status == DossierStatus.AWAITED:
            return
        sent = min(applied + timedelta(hours=self.rng.randint(1, 60)), self.now)
        application.frozen_at = sent
        application.status_changed_at = sent
        application.received_on = sent.date()
        if state.is_paperless:
            application.transmitted_at = sent
        if state.status == DossierStatus.INCOMPLETE:
            application.incomplete_on = min(sent.date() + timedelta(days=2), self.now.date())
        if state.status == DossierStatus.COMPLETE:
            application.complete_on = min(sent.date() + timedelta(days=3), self.now.date())

    def _ask(self, applications: Iterable[Application]) -> None:
        """Work out what their programmes ask for, once for each programme and route."""
        unknown: dict[tuple[int, str], Application] = {}
        for one in applications:
            if _asked_by(one) not in self.asked:
                unknown.setdefault(_asked_by(one), one)
        documents = requested_documents_of(list(unknown.values()))
        questions = asked_questions_of(list(unknown.values()))
        for key, one in unknown.items():
            self.asked[key] = (
                [item.requirement for item in documents[one.pk]],
                [item.question for item in questions[one.pk]],
            )

    def _give(
        self, one: Built, documents: list, shared: dict[tuple[int, int, bool], DocumentVersion]
    ) -> None:
        application, state = one.application, one.state
        last = len(documents) - 1
        for index, requirement in enumerate(documents):
            # An awaited dossier lacks its last documents; an incomplete one has one refused.
            if state.status == DossierStatus.AWAITED and index > last // 2:
                continue
            if not state.is_paperless and state.status not in CHECKED_ON_PAPER:
                continue
            key = (application.candidate_id, requirement.pk, state.is_paperless)
            version = shared.get(key) if requirement.is_shared else None
            if version is None:
                version = self._version(one, requirement, is_refused=_is_refused(state, index))
                one.versions.append(version)
                if requirement.is_shared:
                    shared[key] = version
            one.uses.append(
                SubmittedDocument(application=application, requirement=requirement, version=version)
            )

    def _version(self, one: Built, requirement: Any, *, is_refused: bool) -> DocumentVersion:
        application = one.application
        is_paperless = one.state.is_paperless
        declines = requirement.is_conditional and self.rng.random() < 0.6
        status = ItemStatus.SUBMITTED
        if declines:
            status = ItemStatus.NOT_APPLICABLE
        elif is_refused:
            status = ItemStatus.REFUSED
        elif one.state.status == DossierStatus.COMPLETE or not is_paperless:
            status = ItemStatus.APPROVED
        file = self.files.get(requirement.code, self.files[""])
        return DocumentVersion(
            candidate=application.candidate,
            requirement=requirement,
            file=file if is_paperless and not declines else None,
            given_at=application.created_at,
            given_by=application.created_by,
            status=status,
            comment=ILLEGIBLE[is_paperless] if status == ItemStatus.REFUSED else "",
        )

    def _answer(self, one: Built, questions: list) -> None:
        if one.state.status == DossierStatus.AWAITED:
            return
        for question in questions:
            if question.kind == QuestionKind.CHOICE:
                value = self.rng.choice(question.choices)["code"]
            elif question.kind == QuestionKind.DATE:
                value = (self.now.date() + timedelta(days=90)).isoformat()
            else:
                value = VALUES[question.kind]
            one.answers.append(
                Answer(
                    application=one.application,
                    question=question,
                    value=value,
                    answered_at=one.application.created_at,
                    answered_by=one.application.created_by,
                )
            )

    def _snapshot(self, one: Built, documents: list) -> Snapshot:
        """The frozen dossier, built from what is in memory (a query a row would take hours)."""
        application = one.application
        data = frozen_data(application, one, documents)
        return Snapshot(
            application=application,
            number=1,
            made_at=application.frozen_at,
            made_by=application.created_by,
            data=data,
            data_sha256=fingerprint(data),
            pdf=self.files[""],
        )

    def _decide(self, one: Built) -> None:
        application, state = one.application, one.state
        outcome = Outcome.FAVOURABLE if state.outcome == DRAFT else Outcome(state.outcome)
        policy = policy_of(outcome)
        intake = application.intake
        decided = min(
            self._moment(intake.results_on, intake.results_on), self.now - timedelta(hours=2)
        )
        decision = Decision(
            application=application,
            type=self.types[outcome],
            reason=self.rng.choice(self.reasons) if policy.needs_reason else None,
            created_at=decided,
            comment="Très bon dossier." if outcome == Outcome.FAVOURABLE else "",
        )
        if policy.ranked:
            self.ranks[intake.pk] += 1
            rank = self.ranks[intake.pk]
            decision.rank = decision.current_rank = decision.best_rank = rank
        if policy.has_appointment:
            decision.shortlist_on = self.now.date() + timedelta(days=9)
            decision.shortlist_time = time(14, 30)
            decision.shortlist_place = "Bâtiment B, salle 204"
        if state.outcome != DRAFT:
            decision.released_at = decided + timedelta(hours=1)
        one.decisions.append(decision)
        self._show(one, decision, answers=policy.candidate_answers)

    def _show(self, one: Built, decision: Decision, *, answers: bool) -> None:
        """What the application carries of its decision and its answer."""
        application, state = one.application, one.state
        application.has_any_decision = True
        application.has_draft_decision = decision.is_draft
        if decision.is_draft:
            return
        application.released_outcome = decision.type.outcome
        application.rank_shown = decision.rank
        if answers:
            application.acceptance_due_on = application.intake.acceptance_due_on
        if state.answer:
            application.answer = state.answer
            application.answered_at = min(decision.released_at + timedelta(days=2), self.now)
            application.answered_by = application.candidate.user

    def _moment(self, first: Any, last: Any) -> datetime:
        """A moment of the day between two days, never in the future."""
        span = max(0, (min(last, self.now.date()) - first).days)
        day = first + timedelta(days=self.rng.randint(0, span))
        clock = time(self.rng.randint(8, 22), self.rng.randint(0, 59), self.rng.randint(0, 59))
        return min(timezone.make_aware(datetime.combine(day, clock)), self.now)


def _asked_by(application: Application) -> tuple[int, str]:
    return application.intake.programme_id, application.route


def _is_refused(state: State, index: int) -> bool:
    return state.status == DossierStatus.INCOMPLETE and index == 0


def frozen_data(application: Application, one: Built, documents: list) -> dict[str, Any]:
    """The data of a snapshot in the shape of `snapshot.dossier_data`, from rows in memory."""
    given = {use.requirement_id: use.version for use in one.uses}
    return {
        **heading_data(
            application,
            made_at=application.frozen_at,
            institution="Université de Valmont",
            is_paperless=one.state.is_paperless,
        ),
        "file": _file(application.candidate),
        "documents": [
            _document(requirement, given.get(requirement.pk)) for requirement in documents
        ],
        "questions": [
            {
                "question": answer.question.pk,
                "code": answer.question.code,
                "label": texts(answer.question.label),
                "kind": answer.question.kind,
                "choices": answer.question.choices,
                "status": str(answer.status),
                "value": answer.value,
            }
            for answer in one.answers
        ],
    }


def _file(candidate: Candidate) -> dict[str, Any]:
    """The identity section alone: enough to read, light enough for a hundred thousand."""
    rows = (
        ("birth_name", "Nom patronymique", "Birth name", candidate.birth_name),
        ("first_name", "Prénom", "First name", candidate.first_name),
        ("born_on", "Date de naissance", "Date of birth", candidate.born_on.isoformat()),
        ("nationality", "Nationalité", "Nationality", candidate.nationality.nationality),
        ("ine", "INE", "INE", candidate.ine),
    )
    return {
        "name": candidate.display_name,
        "civility": candidate.civility,
        "file_number": candidate.user.file_number,
        "email": candidate.user.email,
        "language": candidate.user.language,
        "address_lines": [],
        "sections": [
            {
                "section": "identity",
                "title": {"fr": "Informations personnelles", "en": "Personal information"},
                "items": [
                    {
                        "id": candidate.pk,
                        "rows": [
                            {
                                "name": name,
                                "label": {"fr": french, "en": english},
                                "value": value,
                                "text": {"fr": value, "en": value},
                            }
                            for name, french, english, value in rows
                            if value
                        ],
                    }
                ],
            }
        ],
    }


def _document(requirement: Any, version: DocumentVersion | None) -> dict[str, Any]:
    file = version.file if version else None
    return {
        "requirement": requirement.pk,
        "code": requirement.code,
        "label": texts(requirement.label),
        "status": str(version.status) if version else ItemStatus.MISSING.value,
        "comment": version.comment if version else "",
        "version": None,
        "file": file
        and {
            "id": file.pk,
            "name": file.name,
            "size": file.size,
            "pages": file.page_count,
            "sha256": file.sha256,
        },
    }
