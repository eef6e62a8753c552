"""How much may be given for a document."""

from candide.foundation.files.domain.checks import Limits
from candide.institution.catalogue.models import Institution
from candide.institution.requirements.models import DocumentRequirement

MEGABYTE = 1024 * 1024


def limits_of(requirement: DocumentRequirement) -> Limits:
    """What may be given for `requirement`: its own limits, else the institution's."""
    institution = Institution.current()
    return Limits(
        max_file_bytes=institution.max_file_mb * MEGABYTE,
        max_document_bytes=(requirement.max_mb or institution.max_document_mb) * MEGABYTE,
        max_pages=requirement.max_pages or institution.max_document_pages,
    )
