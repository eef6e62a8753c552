"""« Nouvelles fonctionnalités » on the page."""

import pytest

from candide.institution.access.domain.composing import grants_of
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.access.domain.upgrading import news
from candide.institution.access.enums import Capability
from candide.institution.access.models import SettledCapability
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "admin")]
ROLES, NEW = "/gestion/parametrage/profils/", Capability.SET_REGIME
PAGE = f"{ROLES}nouveautes/"


@pytest.fixture
def roles(db):
    found = create_starter_roles()
    for capability in Capability:
        SettledCapability.objects.get_or_create(
            capability=capability, defaults={"settled_at": "2027-03-15T10:00Z"}
        )
    SettledCapability.objects.filter(capability=NEW).delete()
    for role in found.values():
        role.grants.filter(capability=NEW).delete()
    return found


def test_page_suggests_what_starter_roles_have_and_gives_it(client, roles):
    listed, settings = (client.get(url) for url in (ROLES, "/gestion/parametrage/"))
    page = client.get(PAGE)
    fields = page.context["form"].fields
    values = {name: field.initial for name, field in fields.items()}
    saved = client.post(PAGE, values, follow=True)

    assert "1 fonctionnalité que personne n'a encore" in words(listed)
    assert "Nouvelles fonctionnalités" in words(settings)
    assert "Depuis la version 0.1.0" in words(page)
    assert [grants_of(roles[code]).get(NEW) for code in ("manager", "commission")] == [True, None]
    assert "que personne n'a encore" not in words(saved)
    assert "Rien de nouveau" in words(client.get(PAGE))


def test_what_was_decided_meanwhile_is_said(client, roles, monkeypatch):
    values = {
        name: field.initial for name, field in client.get(PAGE).context["form"].fields.items()
    }
    shown = news()
    monkeypatch.setattr("candide.web.staff.rights.news.news", lambda: shown)
    SettledCapability.objects.create(capability=NEW, settled_at="2027-03-15T10:05Z")

    answer = client.post(PAGE, values)

    assert answer.status_code == 409
    assert "déjà été décidé" in words(answer)


def test_nothing_chosen_is_said_at_each_role(client, roles):
    answer = client.post(PAGE, {})

    assert (answer.status_code, len(answer.context["form"].errors)) == (422, len(roles) + 1)
