import pytest

from candide.institution.catalogue.models import Institution


@pytest.fixture(autouse=True)
def institution(db: None) -> Institution:
    """Reading makes no row: the one of the institution is there."""
    return Institution.current()
