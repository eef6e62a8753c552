"""Decisions, their letters and their settings."""

from candide.admissions.decisions.models.decision import Decision
from candide.admissions.decisions.models.letters import (
    Letter,
    LetterTemplate,
    ReplacedLetter,
    WordTemplate,
)
from candide.admissions.decisions.models.settings import (
    CentreDecisions,
    DecisionReason,
    DecisionType,
    IntakeDecisions,
)

__all__ = [
    "CentreDecisions",
    "Decision",
    "DecisionReason",
    "DecisionType",
    "IntakeDecisions",
    "Letter",
    "LetterTemplate",
    "ReplacedLetter",
    "WordTemplate",
]
