"""How a dossier reaches the commission: online, or by post (« procédure papier »)."""

from candide.institution.catalogue.models import Institution, Intake


def is_paperless(intake: Intake, institution: Institution | None = None) -> bool:
    """Transmitted online rather than by post [TRANS-01]."""
    institution = institution or Institution.current()
    return institution.is_paperless and intake.is_paperless
