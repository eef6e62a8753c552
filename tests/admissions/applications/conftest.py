"""Whatever a test does with documents, they are counted."""

import pytest

from candide.admissions.applications.domain.counting import miscounted


@pytest.fixture(autouse=True)
def documents_counted(request):
    """After each test that has a database."""
    if "db" not in request.fixturenames and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("db")
    yield
    assert not miscounted().exists()
