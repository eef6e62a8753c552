from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import Installation
from tests.faults.mail_server import MailServer


@pytest.fixture
def installation(tmp_path: Path, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    """A deployment of its own, killed and gone afterwards."""
    with django_db_blocker.unblock(), Installation(tmp_path) as made:
        yield made


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server
