"""Decisions and their settings."""

from candide.admissions.decisions.models.decision import Decision, Letter
from candide.admissions.decisions.models.settings import (
    DecisionReason,
    DecisionType,
    IntakeDecisions,
)

__all__ = ["Decision", "DecisionReason", "DecisionType", "IntakeDecisions", "Letter"]
