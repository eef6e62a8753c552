"""What staff ask of candidates and grant them: requests, days, forms, enrolment, a proposal."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from candide.admissions.applications.domain.asked import requested_forms
from candide.admissions.applications.domain.correcting import (
    Wanted,
    ask_corrections,
    ask_further_document,
)
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.enrolment import set_fees, set_regime
from candide.admissions.applications.domain.examining import extend_documents_due
from candide.admissions.applications.domain.external_forms import (
    declare_filled_in,
    keep_answers,
    remind_of_forms,
)
from candide.admissions.applications.enums import CandidateAnswer, CorrectionKind
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.extending import Extension, begin_extension
from candide.admissions.bulk.enums import Deadline
from candide.admissions.decisions.domain.answering import extend_acceptance_due
from candide.admissions.decisions.domain.proposing import propose
from candide.core.clock import localdate
from candide.demo.office.moments import happening
from candide.foundation.files.models import StoredFile
from candide.foundation.runs.domain.asking import confirm
from candide.foundation.runs.domain.working import work
from candide.institution.catalogue.models import Intake
from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.institution.requirements.models import DocumentRequirement

DAY = timedelta(days=1)
SUMMER = time(9, 0)
# (days ago it was asked, days it was given, by code what and why, comment, whether it was answered)
REQUESTS: tuple[tuple[int, int, dict[str, CorrectionKind], str, bool], ...] = (
    (2, 9, {"NOTES": CorrectionKind.ILLEGIBLE}, "La deuxième page est coupée.", False),
    (
        1,
        14,
        {"IDENTITE": CorrectionKind.OUTDATED, "CV": CorrectionKind.TO_CORRECT},
        "Votre titre de séjour a expiré le mois dernier ; le CV s’arrête à votre première année.",
        False,
    ),
    (
        16,
        10,
        {"MOTIVATION": CorrectionKind.TO_CORRECT},
        "La lettre vise une autre formation.",
        False,
    ),
    (9, 12, {"NOTES-BAC": CorrectionKind.MISSING}, "Il manque le second groupe d’épreuves.", True),
)
ATTESTATION = "Attestation de niveau de français (B2)"
OPINION = "Avis du service des relations internationales"
LANGUAGES = [("Langue vivante principale", "Anglais"), ("Niveau estimé", "B2"), ("Séjour", "Oui")]


def ask_candidates(
    applications: Sequence[Application], files: dict[str, StoredFile], *, by: Any, now: datetime
) -> None:
    """Requests that are open, late and answered; one for a further document, one document that
    only staff see."""
    codes = {code for _ago, _days, wanted, *_rest in REQUESTS for code in wanted}
    documents = {row.code: row for row in DocumentRequirement.objects.filter(code__in=codes)}
    for application, (ago, days, kinds, comment, is_answered) in zip(
        applications, REQUESTS, strict=False
    ):
        wanted = {documents[code].pk: kind for code, kind in kinds.items()}
        asked = now - ago * DAY
        with happening(asked):
            ask_corrections(
                application,
                Wanted(documents=wanted),
                comment=comment,
                due_on=localdate(asked) + days * DAY,
                by=by,
                now=asked,
            )
        if is_answered:
            with happening(asked + 3 * DAY) as given:
                for code in kinds:
                    give_document(
                        application,
                        documents[code],
                        files[code],
                        by=application.candidate.user,
                        now=given,
                    )
    further, internal = applications[4], applications[5]
    with happening(now - 3 * DAY) as then:
        ask_corrections(
            further,
            Wanted(labels=[ATTESTATION]),
            comment="",
            due_on=localdate(now) + 12 * DAY,
            by=by,
            now=then,
        )
        ask_further_document(internal, OPINION, is_internal=True, by=by, now=then)


def fill_forms_in(applications: Sequence[Application], *, by: Any, now: datetime) -> None:
    """A form with answers that came back, one the candidate says is done, one reminded of."""
    answered, declared, reminded = applications[:3]
    with happening(now - 6 * DAY) as then:
        (item,) = requested_forms(answered)
        keep_answers(item, LANGUAGES, reference="demo-1", now=then)
        (item,) = requested_forms(declared)
        declare_filled_in(item, now=then)
    with happening(now - DAY) as then:
        remind_of_forms(reminded, by=by, now=then)


def grant_days(awaited: Application, offered: Application, *, by: Any, now: datetime) -> None:
    """A later day for one dossier, and one for one answer."""
    with happening(now - 2 * DAY) as then:
        day = max(awaited.intake.documents_due_on, localdate(now)) + 10 * DAY
        extend_documents_due(awaited, day, by=by, now=then)
        day = max(offered.acceptance_due_on or localdate(now), localdate(now)) + 7 * DAY
        extend_acceptance_due(offered, day, by=by, now=then)


def extend_deadlines(intake: Intake, *, by: Any, now: datetime) -> None:
    """After an outage the dossiers of a programme may come three days later; who is concerned was
    told by mail."""
    due = intake.documents_due_on
    extension = Extension(
        which=(Deadline.DOSSIERS,),
        days=3,
        first=due,
        last=due,
        tells=True,
        reason="Le service a été interrompu tout un après-midi.",
    )
    with happening(now - 2 * DAY) as then:
        run = begin_extension(Intake.objects.filter(pk=intake.pk), extension, by=by, now=then)
        work(clock=lambda: then, only=run.pk)
        confirm(run, by=by, now=then)
        work(clock=lambda: then, only=run.pk)


def settle_enrolments(*, by: Any, now: datetime) -> None:
    """Of two confirmed applications what they cost, one with an exemption explained."""
    accepted = Application.objects.filter(answer=CandidateAnswer.ACCEPTED).order_by("-pk")
    exemption = FeeExemption.objects.filter(is_active=True).order_by("pk").first()
    regime = StudyRegime.objects.filter(is_active=True).order_by("pk").last()
    with happening(now - DAY):
        first, second = accepted[:2]
        note = "Bourse sur critères sociaux, échelon 5"
        changes = {"fee_amount": Decimal(0), "fee_exemption": exemption, "exemption_note": note}
        set_fees(first, changes, by=by)
        set_fees(second, {"fee_amount": Decimal(391), "fee_exemption": None}, by=by)
        set_regime(second, regime, by=by)


def make_a_proposal(intake: Intake, user: Any, *, by: Any, now: datetime) -> Application:
    """The office proposes `intake` to somebody who applied elsewhere."""
    with happening(now - 4 * DAY) as then:
        return propose(intake, user=user, by=by, now=then)
