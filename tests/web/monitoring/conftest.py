import pytest

from candide.institution.catalogue.models import Institution
from candide.web.monitoring import readiness


@pytest.fixture
def institution():
    return Institution.current()


@pytest.fixture(autouse=True)
def _storage_not_tried_yet():
    readiness.storage.forget()
