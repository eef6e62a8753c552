import re

import pytest

from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CampaignFactory

_VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|\w[\w.-]*@example\.org'
)


@pytest.fixture(autouse=True)
def institution(db, frozen):
    return Institution.objects.create(pk=1, name="Université de Valmont")


@pytest.fixture
def campaign():
    return CampaignFactory()


@pytest.fixture
def alix():
    return UserFactory(email="alix@example.org", file_number="K7P2M9QX")


@pytest.fixture
def signed_in(client, alix):
    client.force_login(alix)
    return client


@pytest.fixture
def same():
    """What an answer shows, without what differs from one visit to the next: the tokens of forms,
    and the address the person typed."""

    def shown(response):
        headers = {
            name: value
            for name, value in response.headers.items()
            if name not in {"X-Request-Id", "Content-Length"}
        }
        body = _VARYING.sub("", response.content.decode())
        return response.status_code, headers, sorted(response.cookies), body

    return shown
