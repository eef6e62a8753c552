"""« Personnes »: giving roles, inviting, closing an account, on the pages."""

from typing import Any

import pytest
from django.test import Client

from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.accounts.models import User
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import ApplicationCentreFactory, CommissionFactory, ProgrammeFactory
from tests.institution.accounts.mailbox import last_secret, sent
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "admin")]

PEOPLE, RIGHTS = "/gestion/parametrage/personnes/", "/gestion/parametrage/droits/"
VIEW, STAFF = Capability.VIEW_APPLICATIONS, Capability.MANAGE_STAFF


@pytest.fixture
def centre() -> Any:
    return ApplicationCentreFactory(name="UFR Santé")


@pytest.fixture
def jury() -> Any:
    return RoleProfileFactory(name="Jury", grants={VIEW: False})


@pytest.fixture
def dana(jury: Any, centre: Any) -> Any:
    user = UserFactory(staff=True, first_name="Zoé", last_name="KELLER", email="zoe@univ.example")
    AssignmentFactory(user=user, role=jury, commission=CommissionFactory(centre=centre))
    return user


@pytest.fixture
def bao(centre: Any) -> Any:
    """Who gives rights in that centre."""
    role = RoleProfileFactory(name="Droits du centre", grants={STAFF: True, VIEW: True})
    return AssignmentFactory(role=role, centre=centre).user


@pytest.mark.parametrize("searched", ["zoe", "KELLER zoé", "zoe@univ", "jury", "ufr sante"])
def test_people_are_found_by_name_address_role_or_centre(client, dana, searched):
    AssignmentFactory(user=UserFactory(staff=True, last_name="MOREL"))

    page = client.get(PEOPLE, {"q": searched}).context["page"]

    assert page.object_list == [dana]


def test_nobody_found_is_said(client):
    assert "Personne ne correspond" in words(client.get(PEOPLE, {"q": "zz"}))


def test_list_says_roles_places_and_last_sign_in(client, dana, centre):
    text = words(client.get(PEOPLE, {"q": "zoe"}))

    assert "Zoé KELLER zoe@univ.example Jury –" in text
    assert "(UFR Santé) Jamais" in text


def test_manager_of_a_centre_sees_its_people_only(client, bao, dana):
    chris = AssignmentFactory(centre=ApplicationCentreFactory()).user
    client.force_login(bao)

    listed = client.get(PEOPLE).context["page"].object_list
    pages = [client.get(f"{PEOPLE}{each.pk}/").status_code for each in (dana, chris)]

    assert set(listed) == {bao, dana}
    assert pages == [200, 404]


def test_roles_elsewhere_are_hinted_at_and_not_shown(client, bao, dana):
    elsewhere = AssignmentFactory(user=dana, centre=ApplicationCentreFactory(name="UFR Droit"))
    client.force_login(bao)

    text = words(client.get(f"{PEOPLE}{dana.pk}/"))

    assert "aussi des profils là où vous ne gérez pas les droits" in text
    assert "UFR Droit" not in text
    assert client.get(f"{RIGHTS}{elsewhere.pk}/").status_code == 404


def typed(role: Any, place: str, **fields: str) -> dict[str, Any]:
    return {"role": role.pk, "place": place, "language": "fr", **fields}


def test_person_without_an_account_is_invited_and_comes_in(client, jury, centre):
    entry = typed(jury, f"centre-{centre.pk}", email="eve@univ.example")
    nameless = client.post(f"{PEOPLE}nouveau/", entry)
    assert (nameless.status_code, sorted(nameless.context["form"].errors)) == (
        422,
        ["first_name", "last_name"],
    )

    response = client.post(
        f"{PEOPLE}nouveau/", {**entry, "first_name": "Ève", "last_name": "Durand"}, follow=True
    )

    assert "Ève DURAND est invité(e) par mail" in words(response)
    assert "Jury – UFR Santé" in words(response)
    assert "valable jusqu'au 22/03/2027" in words(response)
    assert sent() == [("staff-invitation", "eve@univ.example")]
    eve = Client()
    eve.post(
        f"/compte/mot-de-passe/{last_secret('staff-invitation')}/",
        {"password": PASSWORD, "password_again": PASSWORD},
    )
    eve.post("/compte/connexion/", {"login": "eve@univ.example", "password": PASSWORD})
    assert eve.get("/gestion/").status_code == 200


def test_wrong_name_or_place_is_an_error_at_the_field(client, jury):
    entry = typed(jury, "centre-999", email="eve@univ.example", first_name="www.x.fr")

    response = client.post(f"{PEOPLE}nouveau/", entry)

    assert sorted(response.context["form"].errors) == ["first_name", "place"]


def test_account_of_a_candidate_gets_a_role_after_a_warning_only(client, jury, centre):
    alix = UserFactory(email="alix@example.org", file_number="K7P2M9QX")
    entry = typed(jury, "institution", email="Alix@example.org")

    warned = client.post(f"{PEOPLE}nouveau/", entry)
    assert (warned.status_code, Assignment.objects.filter(user=alix).count()) == (200, 0)
    assert "celui d'un candidat (dossier K7P2M9QX)" in words(warned)

    confirmed = {"confirmed": warned.context["form"]["confirmed"].value()}
    other = client.post(f"{PEOPLE}nouveau/", {**entry, "place": f"centre-{centre.pk}", **confirmed})
    assert Assignment.objects.filter(user=alix).count() == 0
    assert other.context["warnings"]
    client.post(f"{PEOPLE}nouveau/", {**entry, **confirmed})

    assert Assignment.objects.filter(user=alix, role=jury).count() == 1


def test_one_more_role_is_given_on_the_page_of_the_person(client, dana, jury):
    page = client.post(
        f"{PEOPLE}{dana.pk}/droits/nouveau/", typed(jury, "institution"), follow=True
    )

    assert "Zoé KELLER a désormais ce profil" in words(page)
    assert "Jury – Toute l'université" in words(page)
    assert "Profil donné – Ada LEROUX" in words(page)
    assert "Profil : – → Jury" in words(page)


def test_what_opens_nothing_in_a_centre_is_given_there_after_a_warning_only(client, dana, centre):
    """B-006."""
    role = RoleProfileFactory(grants={Capability.MANAGE_INSTITUTION: True})
    address = f"{PEOPLE}{dana.pk}/droits/nouveau/"
    entry = typed(role, f"centre-{centre.pk}")

    warned = client.post(address, entry)
    held = dana.assignments.filter(role=role).count()
    client.post(address, {**entry, "confirmed": warned.context["form"]["confirmed"].value()})

    assert "Donné ici, ceci n'ouvre rien" in words(warned)
    assert (held, dana.assignments.filter(role=role).count()) == (0, 1)


def test_manager_of_a_centre_is_offered_its_places_and_gives_no_more_than_they_hold(
    client, bao, dana, centre
):
    strong = RoleProfileFactory(grants={Capability.RELEASE_DECISIONS: True})
    client.force_login(bao)
    address = f"{PEOPLE}{dana.pk}/droits/nouveau/"

    offered = str(client.get(address).context["form"]["place"])
    refused = client.post(address, typed(strong, f"centre-{centre.pk}"))

    assert 'value="institution"' not in offered
    assert f'value="centre-{centre.pk}"' in offered
    assert refused.status_code == 409
    assert "Vous ne pouvez pas donner ce que vous n'avez pas" in words(refused)


def test_role_stops_resumes_gets_the_chair_and_is_taken(client, dana):
    right = dana.assignments.get()
    address = f"{RIGHTS}{right.pk}/"

    assert client.get(address).status_code == 200
    assert client.post(address, {"action": "?"}).status_code == 422
    states = []
    for action in ("stop", "resume", "chair", "no-chair"):
        client.post(address, {"action": action})
        right.refresh_from_db()
        states.append((right.is_active, right.is_chair))
    gone = client.post(address, {"action": "take"}, follow=True)

    assert states == [(False, False), (True, False), (True, True), (True, False)]
    assert "Aucun profil" in words(gone)
    assert "Profil retiré – Ada LEROUX" in words(gone)


def test_last_way_to_give_rights_is_not_offered_to_be_taken(client, admin):
    address = f"{RIGHTS}{admin.assignments.get().pk}/"

    page = client.get(address)
    posted = client.post(address, {"action": "take"})

    assert 'value="take"' not in page.content.decode()
    assert "Plus personne ne pourrait donner des droits" in words(page)
    assert posted.status_code == 409


def test_closing_an_account_ends_its_sessions_at_once(client, dana):
    visitor = Client()
    visitor.force_login(dana)
    assert visitor.get("/gestion/").status_code == 200
    address = f"{PEOPLE}{dana.pk}/compte/"

    asked = client.get(address)
    assert (asked.status_code, User.objects.get(pk=dana.pk).is_active) == (200, True)
    page = client.post(address, {"active": "0"}, follow=True)

    assert "Ce compte est fermé" in words(page)
    assert visitor.get("/gestion/").status_code == 302
    client.post(address, {"active": "1"})
    assert User.objects.get(pk=dana.pk).is_active


def test_own_last_account_is_not_closed(client, admin):
    address = f"{PEOPLE}{admin.pk}/compte/"

    assert "Plus personne ne pourrait" in words(client.get(address))
    assert client.post(address, {"active": "0"}).status_code == 409


def test_invitation_is_sent_again_to_who_has_not_come(client, dana):
    dana.activated_at = None
    dana.save()

    page = client.post(f"{PEOPLE}{dana.pk}/inviter/", follow=True)
    assert "est invité(e) par mail" in words(page)

    dana.activated_at = dana.created_at
    dana.save()
    again = client.post(f"{PEOPLE}{dana.pk}/inviter/", follow=True)
    assert "a déjà choisi un mot de passe" in words(again)
    assert sent() == [("staff-invitation", dana.email)]


def test_who_only_reads_rights_changes_nothing(client, dana, centre):
    role = RoleProfileFactory(grants={STAFF: False})
    client.force_login(AssignmentFactory(role=role, centre=centre).user)

    answers = [
        client.post(address, {"action": "take", "active": "0"}).status_code
        for address in (
            f"{PEOPLE}nouveau/",
            f"{PEOPLE}{dana.pk}/compte/",
            f"{PEOPLE}{dana.pk}/inviter/",
            f"{PEOPLE}{dana.pk}/droits/nouveau/",
            f"{RIGHTS}{dana.assignments.get().pk}/",
        )
    ]

    assert client.get(f"{PEOPLE}{dana.pk}/").status_code == 200
    assert answers == [403] * 5


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_constant_number_of_queries(client, number, django_assert_num_queries):
    for _number in range(number):
        AssignmentFactory(commission=CommissionFactory())

    with django_assert_num_queries(9):
        client.get(PEOPLE)


# -- A programme, some commissions, a last day ----------------------------------------


def test_role_is_given_in_the_commissions_that_are_ticked(client, dana, jury, centre):
    chosen, other = CommissionFactory(centre=centre), CommissionFactory(centre=centre)
    CommissionFactory()
    address = f"{PEOPLE}{dana.pk}/droits/nouveau/"
    values = typed(jury, f"centre-{centre.pk}")

    narrowing = client.post(address, values | {"narrow": "1"})
    client.post(address, values | {"commissions": [str(chosen.pk), str(other.pk)]})

    offered = {pk for pk, _name in narrowing.context["form"]["commissions"].field.choices}
    assert narrowing.status_code == 200
    assert offered == {str(each.pk) for each in centre.commissions.all()}
    assert set(dana.assignments.filter(role=jury).values_list("commission", "centre")) >= {
        (chosen.pk, None),
        (other.pk, None),
    }


def test_role_for_a_programme_until_a_day_is_told_on_the_page(client, dana, jury):
    programme = ProgrammeFactory(name="Master Cinéma")
    values = typed(jury, f"programme-{programme.pk}") | {
        "ends_on": "2027-06-30",
        "comment": "Congé de Mme Roy",
    }

    page = client.post(f"{PEOPLE}{dana.pk}/droits/nouveau/", values, follow=True)

    given = dana.assignments.get(programme=programme)
    assert given.comment == "Congé de Mme Roy"
    assert f"Jury – Master Cinéma ({programme.commission}) – jusqu'au 30/06/2027" in words(page)
    assert client.get(PEOPLE, {"q": "cinema"}).context["page"].object_list == [dana]


def test_last_day_is_changed_on_the_page_of_the_role(client, dana):
    address = f"{RIGHTS}{dana.assignments.get().pk}/"

    refused = client.post(address, {"action": "term", "ends_on": "2027-03-14", "comment": ""})
    client.post(address, {"action": "term", "ends_on": "2027-03-15", "comment": "Intérim"})

    given = dana.assignments.get()
    assert refused.status_code == 409
    assert "Le dernier jour est passé" in words(refused)
    assert (str(given.ends_on), given.comment) == ("2027-03-15", "Intérim")
