"""Whether a letter was issued: what anybody who holds one may ask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CandidateAnswer
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letters import ALPHABET, CODE_LENGTH
from candide.admissions.decisions.domain.outcomes import policy_of
from candide.admissions.decisions.enums import LetterKind
from candide.admissions.decisions.models import Decision, Letter, ReplacedLetter
from candide.core.clock import localdate

OFFER = (
    "decision__type",
    "decision__application__candidate__user",
    "decision__application__intake__campaign",
    "decision__application__intake__programme",
)
VALID, REPLACED, WITHDRAWN = "valid", "replaced", "withdrawn"


@dataclass(frozen=True)
class Verified:
    """All that is said of a letter that was issued, and of whom it is."""

    kind: str
    programme: str
    campaign: str
    issued_on: date
    initials: str
    state: str

    @property
    def is_valid(self) -> bool:
        return self.state == VALID


MEANINGS = {
    VALID: _("This letter was issued and stands."),
    REPLACED: _("This letter was issued, then replaced by another one."),
    WITHDRAWN: _("This letter was issued, and does not stand any more."),
}


def typed_code(text: str) -> str:
    """The code somebody typed, however they did; empty when it cannot be one."""
    code = "".join(character for character in text.upper() if character.isalnum())
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def verify(code: str) -> Verified | None:
    """What is known of the letter with this code; None when none was issued: nobody has the letter
    of a draft, and a test letter has no code."""
    letter = _find(Letter, code)
    if letter is not None:
        return _said(letter, _state_of(letter))
    replaced = _find(ReplacedLetter, code)
    return _said(replaced, REPLACED) if replaced is not None else None


def _find(model: Any, code: str) -> Any:
    issued = model.objects.exclude(decision__released_at=None).select_related(*OFFER)
    return issued.filter(code=code).first() if code else None


def _state_of(letter: Letter) -> str:
    application = letter.decision.application
    if letter.withdrawn_at is not None:
        return WITHDRAWN
    if released_decision(application) != letter.decision:
        return REPLACED
    answers = policy_of(letter.decision.type.outcome).candidate_answers
    if answers and application.answer == CandidateAnswer.WITHDRAWN:
        return WITHDRAWN
    return VALID


def _said(letter: Letter | ReplacedLetter, state: str) -> Verified:
    decision: Decision = letter.decision
    application = decision.application
    assert decision.released_at is not None  # noqa: S101 -- only issued letters are found
    names = (application.candidate.first_name, application.candidate.birth_name)
    return Verified(
        kind=str(LetterKind(letter.kind).label),
        programme=str(application.intake.programme.name),
        campaign=str(application.intake.campaign),
        issued_on=localdate(decision.released_at),
        initials=" ".join(f"{name[0]}." for name in names if name),
        state=state,
    )
