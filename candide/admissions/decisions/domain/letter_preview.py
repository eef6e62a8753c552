"""Letters that are nobody's: what a template looks like, and test letters of a commission
[back-office 6.1]. Each page says that it is a test, and none has a code."""

from datetime import datetime

from django.utils.translation import gettext as _

from candide.admissions.applications.enums import Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_decision, released_decision
from candide.admissions.decisions.domain.letter_rendering import LetterFailed, making, render_letter
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letter_values import (
    passing_values,
    sample_values,
    values_of_letter,
)
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.enums import LetterKind
from candide.admissions.decisions.models import Decision, DecisionType, LetterTemplate
from candide.institution.catalogue.models import Commission, Programme

OUTCOMES = {
    LetterKind.ADMISSION: Outcome.FAVOURABLE,
    LetterKind.REFUSAL: Outcome.UNFAVOURABLE,
}


def preview_letter(
    template: LetterTemplate,
    *,
    language: str,
    now: datetime,
    application: Application | None = None,
    commission: Commission | None = None,
) -> bytes:
    """The PDF of a template, saved or not: with the values of `application`, else of nobody, signed
    for `commission` if one is given. Raises `LetterFailed`."""
    if application is None:
        signatory = commission.signatory if commission else None
        values = sample_values(template.kind, signatory=signatory) | passing_values(now=now)
    else:
        commission = application.intake.programme.commission
        decision = _decision(application, template.kind)
        values = values_of_letter(decision, kind=template.kind, language=language, now=now)
    made = making(
        template,
        kind=template.kind,
        language=language,
        values=values,
        commission=commission,
        is_test=True,
    )
    return render_letter(made, code="", created=now)


def _decision(application: Application, kind: str) -> Decision:
    """The decision of the application that has such a letter: its draft, else the released one; a
    stand-in where it has neither."""
    for decision in (draft_decision(application), released_decision(application)):
        if decision is not None and policy_of(decision.type.outcome).letter == kind:
            return decision
    outcome = OUTCOMES[LetterKind(kind)]
    stand_in = DecisionType(label=str(outcome.label), outcome=outcome)
    return Decision(application=application, type=stand_in)


def commission_test_letter(
    commission: Commission, kind: LetterKind, *, language: str, now: datetime
) -> bytes:
    """A test letter of a commission, with its own address, signatory and signature. Raises
    `LetterFailed`."""
    template = LetterTemplates().find(Programme(commission=commission), kind)
    if template is None:
        raise LetterFailed(_("No template of letters in service is for this commission."))
    return preview_letter(template, language=language, now=now, commission=commission)
