from typing import Any

import pytest

from candide.institution.catalogue.models import Institution


@pytest.fixture(autouse=True)
def institution(db: None) -> Institution:
    """Reading makes no row: the one of the institution is there."""
    return Institution.current()


def ended(response: Any) -> Any:
    """`response`, read to its end: that closes what is streamed, the client the rest."""
    if response.streaming:
        response.content_read = b"".join(response.streaming_content)
    return response
