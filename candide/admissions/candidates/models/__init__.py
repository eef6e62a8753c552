"""The file of a candidate (« dossier candidat »)."""

from candide.admissions.candidates.models.finding import PossibleDuplicate, SearchKey
from candide.admissions.candidates.models.identity import Candidate, IneClaim, SectionDraft
from candide.admissions.candidates.models.missed import MissedFetch
from candide.admissions.candidates.models.path import (
    ExternalStudies,
    InternalStudies,
    Internship,
    StudentDocument,
    WorkExperience,
)
from candide.admissions.candidates.models.place import Address, Baccalaureate

__all__ = [
    "Address",
    "Baccalaureate",
    "Candidate",
    "ExternalStudies",
    "IneClaim",
    "InternalStudies",
    "Internship",
    "MissedFetch",
    "PossibleDuplicate",
    "SearchKey",
    "SectionDraft",
    "StudentDocument",
    "WorkExperience",
]
