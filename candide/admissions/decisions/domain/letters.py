"""Admission and refusal letters (« lettres ») [LET], rendered once, at the release."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.models import Decision, Letter
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.pdf.rendering import render
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution

TEMPLATES = {"admission": "pdf/admission.html", "refusal": "pdf/refusal.html"}


def make_letter(decision: Decision, *, now: datetime) -> Letter | None:
    """Render and keep the letter of a decision just released; None where no letter is given."""
    kind = policy_of(decision.type.outcome).letter
    commission = decision.application.intake.programme.commission
    institution = Institution.current()
    if not kind or not institution.has_letters or commission.letter_mode == LetterMode.NONE:
        return None
    application = decision.application
    user = application.candidate.user
    with translation.override(user.language):
        html = render_to_string(
            TEMPLATES[kind], letter_context(decision, institution=institution, now=now)
        )
        content = render(
            html,
            title=_("Letter of %(institution)s") % {"institution": institution.name},
            language=user.language,
            author=institution.name,
        )
    name = letter_name(kind, application)
    file = store_generated(content, name=name, media_type="application/pdf", by=None)
    return Letter.objects.create(decision=decision, file=file, made_at=now)


def letter_name(kind: str, application: Application) -> str:
    """`lettre_admission-<dossier>_<NAME>_<FIRSTNAME>-<code>.pdf` [LET-05]."""
    prefix = {"admission": "lettre_admission", "refusal": "lettre_refus"}[kind]
    candidate = application.candidate
    number = candidate.user.file_number
    code = application.intake.programme.code
    name = f"{prefix}-{number}_{candidate.birth_name}_{candidate.first_name}-{code}"
    return f"{name.replace(' ', '_')[:96]}.pdf"


def letter_context(
    decision: Decision, *, institution: Institution, now: datetime
) -> dict[str, Any]:
    """What the templates of letters know [LET-04]."""
    application = decision.application
    return {
        "institution": institution,
        "decision": decision,
        "application": application,
        "candidate": application.candidate,
        "address": getattr(application.candidate, "address", None),
        "programme": application.intake.programme,
        "commission": application.intake.programme.commission,
        "campaign": application.intake.campaign,
        "due_on": application.acceptance_due_on,
        "jury_on": application.intake.jury_on,
        "now": now,
    }


def readable_letter(application: Application, decision: Decision | None) -> Letter | None:
    """The letter the candidate may download now [LET-01, LET-02]; None when there is none."""
    letter = getattr(decision, "letter", None)
    institution = Institution.current()
    if decision is None or letter is None or not institution.has_letters:
        return None
    if application.cancelled_at is not None:
        return None
    if policy_of(decision.type.outcome).candidate_answers:
        if application.answer == CandidateAnswer.WITHDRAWN:
            return None
        if institution.letter_after_acceptance and application.answer != CandidateAnswer.ACCEPTED:
            return None
    return letter


def mailed_letter(application: Application, decision: Decision) -> Letter | None:
    """The letter that goes with the mail of a decision: the one the candidate may read now, where
    the commission mails letters [LET-03]."""
    commission = application.intake.programme.commission
    if commission.letter_mode != LetterMode.BOTH:
        return None
    return readable_letter(application, decision)
