"""« Profils »: composing roles on the pages."""

import pytest

from candide.institution.access.domain.composing import grants_of
from candide.institution.access.enums import Capability
from candide.institution.access.models import RoleProfile
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.catalogue import ApplicationCentreFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "admin")]

ROLES = "/gestion/parametrage/profils/"
VIEW, CHECK = Capability.VIEW_APPLICATIONS, Capability.CHECK_DOCUMENTS
STAFF = Capability.MANAGE_STAFF


def typed(grants: dict[Capability, str], **fields: str) -> dict[str, str]:
    """What the page sends: every capability, « none » unless said."""
    levels = {each.value: grants.get(each, "none") for each in Capability}
    return {"name": "Jury", "code": "jury", **levels, **fields}


def test_role_is_composed_on_the_page(client):
    response = client.post(f"{ROLES}nouveau/", typed({VIEW: "read", CHECK: "write"}), follow=True)

    role = RoleProfile.objects.get(code="jury")
    assert grants_of(role) == {VIEW: False, CHECK: True}
    assert "Voir les candidatures : – → Lecture" not in words(response)
    assert "Création – Ada LEROUX" in words(response)


def test_page_offers_the_levels_that_open_something_and_the_one_there_is(client):
    role = RoleProfileFactory(grants={VIEW: True})

    fields = client.get(f"{ROLES}{role.pk}/").context["form"].fields

    def offered(capability):
        return [level for level, _label in fields[capability].choices]

    assert offered(VIEW) == ["none", "read", "write"]
    assert offered(Capability.VIEW_CANDIDATES) == ["none", "read"]
    assert offered(CHECK) == ["none", "write"]
    assert offered(STAFF) == ["none", "read", "write"]


def test_page_says_what_only_the_whole_institution_can_have(client):
    text = words(client.get(f"{ROLES}nouveau/"))

    assert text.count("Pour tout l'établissement seulement") == 2
    assert "Valider et refuser les pièces." in text


def test_change_is_shown_in_the_history_in_words(client):
    role = RoleProfileFactory(name="Jury", code="jury", grants={VIEW: False})
    seen = client.get(f"{ROLES}{role.pk}/").context["form"].initial["seen"]

    response = client.post(
        f"{ROLES}{role.pk}/", typed({CHECK: "write"}, name="Membre", seen=seen), follow=True
    )

    text = words(response)
    assert "Nom : Jury → Membre" in text
    assert "Voir les candidatures : Lecture → –" in text
    assert "Vérifier les pièces : – → Lecture et écriture" in text


def test_stale_change_is_refused_and_what_was_chosen_stays(client):
    role = RoleProfileFactory(code="jury", grants={VIEW: False})

    stale = client.post(f"{ROLES}{role.pk}/", typed({CHECK: "write"}, seen="before"))
    mark = stale.context["form"]["seen"].value()
    again = client.post(f"{ROLES}{role.pk}/", typed({CHECK: "write"}, seen=mark))

    assert (stale.status_code, stale.context["form"][CHECK.value].value()) == (409, "write")
    assert "entre-temps" in words(stale)
    assert (again.status_code, grants_of(role)) == (302, {CHECK: True})


def test_duplicating_begins_with_the_same_capabilities(client):
    role = RoleProfileFactory(name="Jury", grants={VIEW: False, CHECK: True})

    page = client.get(f"{ROLES}nouveau/", {"like": role.pk})

    form = page.context["form"]
    assert "Nouveau profil d'après « Jury »" in words(page)
    assert (form[VIEW.value].value(), form[CHECK.value].value()) == ("read", "write")
    assert (form[STAFF.value].value(), form["name"].value()) == ("none", None)
    assert client.get(f"{ROLES}nouveau/", {"like": "x"}).status_code == 200


def test_role_of_nothing_is_refused(client):
    response = client.post(f"{ROLES}nouveau/", typed({}))

    assert response.status_code == 409
    assert "au moins une fonctionnalité" in words(response)


def test_wrong_entry_comes_back_with_its_error(client):
    response = client.post(f"{ROLES}nouveau/", typed({VIEW: "read"}, code="pas bon"))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])


def test_out_of_service_asks_first_and_says_how_many_it_concerns(client):
    role = RoleProfileFactory(grants={VIEW: False})
    for _number in range(2):
        AssignmentFactory(role=role)

    asked = client.get(f"{ROLES}{role.pk}/service/")
    unsaid = client.post(f"{ROLES}{role.pk}/service/")
    role.refresh_from_db()
    assert "2 personnes ont ce profil et perdent aussitôt" in words(asked)
    assert (unsaid.status_code, role.is_active) == (422, True)

    done = client.post(f"{ROLES}{role.pk}/service/", {"active": "0"}, follow=True)
    role.refresh_from_db()
    assert not role.is_active
    assert "hors service : il n'ouvre rien" in words(done)
    assert "2 personnes" in words(client.get(f"{ROLES}{role.pk}/service/"))


def test_last_role_that_gives_rights_cannot_be_put_out_of_service(client):
    role = RoleProfile.objects.get()

    asked = client.get(f"{ROLES}{role.pk}/service/")
    posted = client.post(f"{ROLES}{role.pk}/service/", {"active": "0"})

    role.refresh_from_db()
    assert "Plus personne ne pourrait donner des droits" in words(asked)
    assert (posted.status_code, role.is_active) == (409, True)


def test_used_role_is_not_deleted_and_an_unused_one_is(client):
    used, unused = AssignmentFactory().role, RoleProfileFactory()

    shown = client.get(f"{ROLES}{used.pk}/supprimer/")
    refused = client.post(f"{ROLES}{used.pk}/supprimer/")
    asked = client.get(f"{ROLES}{unused.pk}/supprimer/")
    assert RoleProfile.objects.filter(pk__in=[used.pk, unused.pk]).count() == 2
    client.post(f"{ROLES}{unused.pk}/supprimer/")

    assert "Affectation : 1" in words(shown)
    assert (refused.status_code, asked.status_code) == (409, 200)
    assert list(RoleProfile.objects.filter(pk__in=[used.pk, unused.pk])) == [used]


def test_manager_of_staff_in_a_centre_reads_roles_and_changes_none(client):
    role = RoleProfileFactory(grants={STAFF: True, VIEW: False})
    bao = AssignmentFactory(role=role, centre=ApplicationCentreFactory()).user
    client.force_login(bao)

    page = client.get(f"{ROLES}{role.pk}/")
    posts = [
        client.post(f"{ROLES}{where}", typed({VIEW: "read"})).status_code
        for where in (
            f"{role.pk}/",
            "nouveau/",
            f"{role.pk}/service/",
            f"{role.pk}/supprimer/",
        )
    ]

    assert "Voir les candidatures Lecture" in words(page)
    assert '<form method="post"' not in page.content.decode().split("<main")[1]
    assert posts == [403, 403, 403, 403]


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(client, number, django_assert_num_queries):
    for _number in range(number):
        AssignmentFactory()

    with django_assert_num_queries(9):
        client.get(ROLES)
