"""Applications: what is given with them, and what is frozen of them."""

from candide.admissions.applications.models.application import Application
from candide.admissions.applications.models.correction import (
    AdditionalDocument,
    Correction,
    CorrectionItem,
)
from candide.admissions.applications.models.given import (
    Answer,
    DocumentVersion,
    FormAnswer,
    SubmittedDocument,
)
from candide.admissions.applications.models.saved_view import SavedView
from candide.admissions.applications.models.snapshot import Snapshot

__all__ = [
    "AdditionalDocument",
    "Answer",
    "Application",
    "Correction",
    "CorrectionItem",
    "DocumentVersion",
    "FormAnswer",
    "SavedView",
    "Snapshot",
    "SubmittedDocument",
]
