"""Decisions and their settings."""

from candide.admissions.decisions.models.decision import Decision, Letter
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
]
