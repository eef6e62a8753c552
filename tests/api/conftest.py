from collections.abc import Iterator

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections

from candide.institution.catalogue.models import Institution


@pytest.fixture(autouse=True)
def institution(db: None) -> Institution:
    """Reading makes no row: the one of the institution is there."""
    return Institution.current()


@pytest.fixture
def connection_kept() -> Iterator[None]:
    """Closing an answer would close the connection, and with it the transaction of the test."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)
