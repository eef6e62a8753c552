"""« Fichiers manquants »."""

import pytest

from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Institution
from tests.factories.applications import SubmittedDocumentFactory
from tests.factories.files import MissingContentFactory, StoredFileFactory
from tests.web.conftest import links, words_inside
from tests.web.staff.conftest import member, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PAGE = "/gestion/parametrage/fichiers/"


@pytest.fixture
def ada(client, frozen):
    Institution.current()
    client.force_login(staff("administrator"))


def missing():
    use = SubmittedDocumentFactory(version__status="submitted", version__file=StoredFileFactory())
    MissingContentFactory(stored_file_id=use.version.file_id)
    return use


@pytest.mark.usefixtures("ada")
def test_document_whose_file_is_gone_is_mended_from_the_list(client):
    """B-118: asked of the candidate again, or given in their place."""
    assert "Tous les fichiers sont là." in words_inside(client.get(PAGE))
    use = missing()

    addresses = [address for address, _words in links(client.get(PAGE))]

    application = f"/gestion/candidatures/{use.application_id}/"
    assert f"{application}complements/" in addresses
    instead = f"{application}a-la-place/"
    assert f"{instead}#document-{use.requirement_id}" in addresses
    assert client.get(f"{application}complements/").status_code == 200
    assert client.get(instead).status_code == 200


def test_application_out_of_reach_is_counted_and_not_named(client):
    Institution.current()
    use = missing()
    client.force_login(member(Capability.MANAGE_INSTITUTION))

    page = client.get(PAGE)

    assert "1 candidature hors de votre périmètre" in words_inside(page)
    candidate = use.application.candidate.display_name
    for told in (candidate, use.version.file.name, use.application.intake.programme.name):
        assert told not in words_inside(page)
    assert not [each for each in links(page) if "/candidatures/" in each[0]]


@pytest.mark.usefixtures("ada")
def test_page_takes_constant_queries(client, django_assert_num_queries):
    """With one file and with three."""
    client.get(PAGE)
    for number in range(3):
        missing()
        if number != 1:
            with django_assert_num_queries(9):
                client.get(PAGE)
