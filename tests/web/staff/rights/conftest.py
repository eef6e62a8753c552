"""Ada gives rights everywhere, and is signed in."""

from typing import Any

import pytest

from candide.institution.catalogue.models import Institution
from tests.factories.access import ada


@pytest.fixture
def admin(client: Any, frozen: Any) -> Any:
    Institution.current()
    user = ada(first_name="Ada", last_name="LEROUX")
    client.force_login(user)
    return user
