"""Admission and refusal letters (« lettres ») [LET], rendered once: when a release is prepared,
else at the release."""

import hashlib
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import get_template, render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.models import Decision, Letter
from candide.core.clock import localdate
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.rendering import render
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution

TEMPLATES = {"admission": "pdf/admission.html", "refusal": "pdf/refusal.html"}
FRAME = "pdf/letter.html"


def letter_kind(decision: Decision, institution: Institution) -> str:
    """Which letter `decision` has, `admission` or `refusal`; empty where none is given."""
    commission = decision.application.intake.programme.commission
    if not institution.has_letters or commission.letter_mode == LetterMode.NONE:
        return ""
    return policy_of(decision.type.outcome).letter


def draw_letter(decision: Decision, *, now: datetime) -> StoredFile | None:
    """Render and keep the letter of a decision as if it were released `now`; None where no letter
    is given. Whoever prepares it has written on the application what it will show."""
    institution = Institution.current()
    kind = letter_kind(decision, institution)
    if not kind:
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
    return store_generated(content, name=name, media_type="application/pdf", by=None)


def letter_inputs(decision: Decision, *, now: datetime) -> list[str]:
    """What the letter is made from, as plain values: two that are alike make the same letter."""
    institution = Institution.current()
    kind = letter_kind(decision, institution)
    if not kind:
        return []
    context = letter_context(decision, institution=institution, now=now)
    candidate, commission = context["candidate"], context["commission"]
    said = (
        _template_mark(kind),
        candidate.user.language,
        localdate(now),
        institution.name,
        candidate.civility,
        candidate.first_name,
        candidate.usual_name or candidate.birth_name,
        candidate.user.file_number,
        *(context["address"].lines if context["address"] else ()),
        context["programme"].code,
        context["programme"].name,
        context["campaign"],
        commission.name,
        *commission.address_lines,
        commission.signatory,
        decision.type.label,
        decision.type.shows_comment,
        decision.reason or "",
        context["due_on"],
        context["jury_on"],
    )
    return [str(value) for value in said]


@cache
def _template_mark(kind: str) -> str:
    templates: list[Any] = [get_template(name) for name in (TEMPLATES[kind], FRAME)]
    sources = "".join(each.template.source for each in templates)
    return hashlib.sha256(sources.encode()).hexdigest()[:16]


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
    if decision is None or letter is None or not _may_be_read(application, decision):
        return None
    return letter


def _may_be_read(application: Application, decision: Decision) -> bool:
    institution = Institution.current()
    if not institution.has_letters or application.cancelled_at is not None:
        return False
    if policy_of(decision.type.outcome).candidate_answers:
        if application.answer == CandidateAnswer.WITHDRAWN:
            return False
        if institution.letter_after_acceptance and application.answer != CandidateAnswer.ACCEPTED:
            return False
    return True


def is_letter_mailed(application: Application, decision: Decision) -> bool:
    """Whether the letter, if there is one, goes with the mail of the decision: where the commission
    mails letters, and the candidate may read it now [LET-03]."""
    commission = application.intake.programme.commission
    return commission.letter_mode == LetterMode.BOTH and _may_be_read(application, decision)
