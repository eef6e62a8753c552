"""How much may be given for a document: as the institution wants it."""

import pytest

from candide.institution.catalogue.models import Institution
from candide.web.shared.limits import MEGABYTE, limits_of
from tests.factories.requirements import DocumentRequirementFactory


@pytest.mark.django_db
def test_limits_are_the_institutions_unless_the_document_has_its_own():
    """A-024."""
    institution = Institution.current()
    institution.max_file_mb, institution.max_document_mb = 7, 3
    institution.max_document_pages = 12
    institution.save()
    plain = limits_of(DocumentRequirementFactory())
    own = limits_of(DocumentRequirementFactory(max_mb=5, max_pages=40))

    assert (plain.max_file_bytes, plain.max_document_bytes) == (7 * MEGABYTE, 3 * MEGABYTE)
    assert (own.max_file_bytes, own.max_document_bytes) == (7 * MEGABYTE, 5 * MEGABYTE)
    assert (plain.max_pages, own.max_pages) == (12, 40)
