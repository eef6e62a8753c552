"""A candidate in front of « Mon dossier », in French, with France to choose from."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    SchoolFactory,
)

FILE = "/espace/dossier/"
IDENTITY = f"{FILE}informations-personnelles/"


@pytest.fixture(autouse=True)
def institution(db, frozen):
    with translation.override("fr"):
        yield Institution.current()


@pytest.fixture
def places():
    """France with the Loiret: Orléans and Olivet share a postcode; each has a lycée. Belgium."""
    loiret = DepartmentFactory(code="45", name="Loiret")
    orleans = CommuneFactory(insee="45234", name="Orléans", department=loiret)
    olivet = CommuneFactory(insee="45232", name="Olivet", department=loiret)
    for commune in (orleans, olivet):
        CommunePostcodeFactory(commune=commune, postcode="45100")
    CommunePostcodeFactory(commune=orleans, postcode="45000")
    return SimpleNamespace(
        france=CountryFactory(france=True),
        belgium=CountryFactory(code="99131", name="Belgique"),
        loiret=loiret,
        orleans=orleans,
        olivet=olivet,
        lycee=SchoolFactory(name="Lycée Pothier", commune=orleans),
        university=SchoolFactory(university=True, commune=orleans),
        general=BaccalaureateSeriesFactory(general=True),
    )


@pytest.fixture
def user(places):
    return UserFactory(first_name="Alix", last_name="Martin")


@pytest.fixture
def alix(user, places):
    """The file of `user`: personal information only."""
    return CandidateFactory(user=user, birth_department=places.loiret, birth_country=places.france)


@pytest.fixture
def visitor(client, user):
    """`user`, signed in; `visitor.autosave(url, data)` is what the page sends by itself."""
    client.force_login(user)
    client.autosave = lambda url, data: client.post(url, data, headers={"HX-Request": "true"})
    return client


def words(response):
    """What is read on the page."""
    text = re.sub(r"<noscript>.*?</noscript>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(strip_tags(text)))


def errors(response):
    """The fields with an error on the page."""
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def offered(response, name):
    """The codes a list of the form offers, without the empty one."""
    return [code for code, _label in response.context["form"].fields[name].choices if code]
