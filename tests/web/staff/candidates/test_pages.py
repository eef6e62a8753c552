"""Candidates as staff meet them: looking for them, their page, their account."""

from typing import Any

import pytest
from django.test import Client

from candide.admissions.candidates.domain.indexing import index_people
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate
from candide.foundation.history.domain.log import entries_about, log
from candide.foundation.leases.models import Lease
from candide.institution.access.enums import Capability
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from tests.admissions.conftest import NOW
from tests.factories.access import AssignmentFactory, RoleProfileFactory
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory, InternshipFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.leases import LeaseFactory
from tests.factories.mails import OutgoingMailFactory
from tests.factories.reference import CountryFactory
from tests.institution.accounts.mailbox import sent
from tests.web.conftest import links, words, words_inside
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CANDIDATES = "/gestion/candidats/"


@pytest.fixture
def alix(application: Any) -> Any:
    User.objects.filter(pk=application.candidate.user_id).update(
        last_name="MARTIN", first_name="Alix", file_number="K7P2M9QX", email="alix@example.org"
    )
    user = User.objects.get(pk=application.candidate.user_id)
    index_people(User.objects.values_list("pk", flat=True), now=NOW)
    return user


@pytest.fixture
def chris(client: Any) -> Any:
    """Who manages another centre."""
    user = staff("manager", centre=IntakeFactory().programme.commission.centre)
    client.force_login(user)
    return user


def page(user: Any, path: str = "") -> str:
    return f"{CANDIDATES}{user.pk}/{path}"


def found(response: Any) -> list[Any]:
    return [line["user"] for line in response.context["lines"]]


# -- Looking for somebody --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["martin", "MARTÍN alix", "alix martn"])
def test_somebody_is_looked_for(as_bao, alix, text):
    """B-154."""
    response = as_bao.get(CANDIDATES, {"q": text})

    assert found(response) == [alix]
    assert (page(alix), "MARTIN ALIX") in links(response)


@pytest.mark.parametrize("text", ["k7p2m9qx", "Alix@Example.org"])
def test_who_is_meant_without_a_doubt_is_opened_at_once(as_bao, alix, text):
    response = as_bao.get(CANDIDATES, {"q": text})

    assert (response.status_code, response.url) == (302, page(alix))


def test_candidates_of_other_centres_are_not_found(client, chris, alix):
    """B-016: and their page does not exist for them."""
    assert found(client.get(CANDIDATES, {"q": "martin"})) == []
    assert client.get(page(alix)).status_code == 404


def test_who_looks_after_all_candidates_finds_them_all(client, alix):
    """B-010: an individual right, for the whole institution."""
    never_applied = CandidateFactory(user__last_name="ZOLA", birth_name="ZOLA").user
    index_people([never_applied.pk], now=NOW)
    client.force_login(staff("candidate_reader"))

    assert found(client.get(CANDIDATES, {"q": "martin"})) == [alix]
    assert found(client.get(CANDIDATES, {"q": "zola"})) == [never_applied]
    assert "Modifier le compte" not in words_inside(client.get(page(alix)))
    assert client.get(page(alix, "compte/")).status_code == 403


def test_roles_say_how_far_members_and_managers_go(client, application, alix):
    """B-011: what a role holds is the default for everybody who has it."""
    commission = application.intake.programme.commission
    client.force_login(staff("commission", commission=commission))
    assert found(client.get(CANDIDATES, {"q": "martin"})) == [alix]
    assert client.get(page(alix, "compte/")).status_code == 403

    role = RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: False})
    client.force_login(AssignmentFactory(role=role, commission=commission).user)
    assert client.get(CANDIDATES).status_code == 403
    assert client.get(page(alix)).status_code == 404


def test_past_campaigns_are_asked_for(as_bao, application, alix):
    type(application).objects.update(archived_at=NOW)

    assert found(as_bao.get(CANDIDATES, {"q": "martin"})) == []
    assert found(as_bao.get(CANDIDATES, {"q": "martin", "past": "1"})) == [alix]


@pytest.mark.parametrize(
    ("text", "said"), [("z", "au moins deux"), ("xyzzy", "Personne"), ("", "Qui cherchez-vous")]
)
def test_empty_results_say_what_to_do(as_bao, alix, text, said):
    assert said in words(as_bao.get(CANDIDATES, {"q": text}))


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_constant_queries(as_ada, alix, count, django_assert_num_queries):
    for _number in range(count):
        other = CandidateFactory(user__last_name="MARTIN", user__first_name="Zoé")
        ApplicationFactory(candidate=other)
    index_people(User.objects.values_list("pk", flat=True), now=NOW)
    as_ada.get(CANDIDATES)

    with django_assert_num_queries(10):
        as_ada.get(CANDIDATES, {"q": "martin"})


# -- The page --------------------------------------------------------------------------------------


def test_page_shows_the_person_the_file_and_the_way_to_each_application(as_bao, application, alix):
    """B-155, B-108: and back."""
    InternshipFactory(candidate=alix.candidate, organisation="Mairie")
    log(alix, AccountEvent.CREATED, by=alix)

    response = as_bao.get(page(alix))

    assert response.status_code == 200
    said = words_inside(response)
    for expected in ("K7P2M9QX", "alix@example.org", "Mairie", "Bruxelles", "A créé le compte"):
        assert expected in said
    address = f"/gestion/candidatures/{application.pk}/"
    assert address in [url for url, _text in links(response)]
    assert page(alix) in [url for url, _text in links(as_bao.get(address))]


def test_what_is_of_other_centres_is_not_told(as_bao, application, alix):
    """Neither their applications nor the mails about them."""
    other = ApplicationFactory(candidate=alix.candidate)
    for subject, about in (("Du centre", application), ("D’ailleurs", other), ("Du compte", alix)):
        OutgoingMailFactory(
            for_user_id=alix.pk,
            subject=subject,
            about_type=about._meta.label_lower,
            about_id=about.pk,
        )

    response = as_bao.get(page(alix))

    assert response.context["applications"] == [application]
    assert {mail.subject for mail in response.context["mails"]} == {"Du centre", "Du compte"}


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_constant_queries(as_bao, application, alix, count, django_assert_num_queries):
    for _number in range(count):
        InternshipFactory(candidate=alix.candidate)
        intake = IntakeFactory(programme__commission=application.intake.programme.commission)
        ApplicationFactory(candidate=alix.candidate, intake=intake)
        log(alix, AccountEvent.CREATED, by=alix)
    as_bao.get(page(alix))

    with django_assert_num_queries(33):
        as_bao.get(page(alix))


# -- Filling in the file ---------------------------------------------------------------------------


def sent_with(response: Any, **changed: str) -> dict[str, str]:
    """What the form on the page would send, with `changed`."""
    form = response.context["form"]
    return {name: form.raw(name) for name in form.fields} | changed


def test_file_is_filled_in_for_the_candidate_under_ones_own_name(as_bao, bao, alix):
    """B-155: the candidate's own form and rules; history says who."""
    address = page(alix, "dossier/adresse/")

    values = sent_with(as_bao.get(address), line_1="2 rue Neuve")
    response = as_bao.post(address, values)

    assert (response.status_code, response.url) == (302, f"{page(alix)}#section-address")
    candidate = Candidate.objects.get(user=alix)
    assert candidate.address.line_1 == "2 rue Neuve"
    assert entries_about(candidate).first().by_id == bao.pk
    assert not Lease.objects.exists()


def test_file_is_begun_for_somebody_who_has_none(client, bao, application):
    """An account just opened: its opener reaches it before any application."""
    zoe = UserFactory(last_name="DURAND", first_name="Zoé", opened_by=bao, not_activated=True)
    CountryFactory(code="99131", name="Belgique")
    client.force_login(bao)
    address = page(zoe, "dossier/informations-personnelles/")

    response = client.get(address)
    values = sent_with(
        response, civility="Mme", born_on="02/05/2005", birth_country="99131", birth_city="NAMUR"
    )
    assert (values["birth_name"], values["first_name"]) == ("DURAND", "Zoé")
    refused = client.post(address, values | {"born_on": ""})
    assert refused.status_code == 422
    assert not Candidate.objects.filter(user=zoe).exists()

    saved = client.post(address, values)

    assert (saved.status_code, saved.url) == (302, f"{page(zoe)}#section-identity")
    file = Candidate.objects.get(user=zoe)
    assert (file.birth_name, file.birth_city) == ("DURAND", "NAMUR")
    assert entries_about(file).get().by_id == bao.pk


def test_lines_are_added_changed_and_deleted(as_bao, alix):
    new = page(alix, "dossier/stages/nouveau/")
    values = {
        **sent_with(as_bao.get(new)),
        "year": "2025",
        "duration": "2 mois",
        "organisation": "Mairie",
        "description": "Accueil",
    }

    assert as_bao.post(new, values).status_code == 302
    line = Candidate.objects.get(user=alix).internships.get()
    edit = page(alix, f"dossier/stages/{line.pk}/")
    as_bao.post(edit, sent_with(as_bao.get(edit), organisation="Préfecture"))
    line.refresh_from_db()
    assert line.organisation == "Préfecture"
    assert as_bao.get(f"{edit}supprimer/").status_code == 200
    as_bao.post(f"{edit}supprimer/")
    assert not Candidate.objects.get(user=alix).internships.exists()
    assert as_bao.get(edit).status_code == 404


@pytest.mark.parametrize(
    "path", ["dossier/stages/", "dossier/cursus-interne/", "dossier/adresse/nouveau/"]
)
def test_sections_without_such_a_form_are_not_found(as_bao, alix, path):
    assert as_bao.get(page(alix, path)).status_code == 404


def test_choice_redraws_what_depends_on_it_and_saves_nothing(as_bao, alix):
    address = page(alix, "dossier/adresse/")
    values = sent_with(as_bao.get(address), foreign_city="")

    redrawn = as_bao.post(address, values, headers={"HX-Request": "true"})
    anew = as_bao.post(address, values | {"refresh": "1"})

    assert (redrawn.status_code, anew.status_code) == (200, 200)
    assert "brouillon" not in words(redrawn)
    assert Candidate.objects.get(user=alix).address.foreign_city == "Bruxelles"
    assert not alix.section_drafts.exists()


def test_what_somebody_saved_meanwhile_is_shown_beside(as_bao, alix):
    address = page(alix, "dossier/adresse/")
    values = sent_with(as_bao.get(address), line_1="3 rue Neuve")
    row = Candidate.objects.get(user=alix).address
    row.line_1 = "9 rue Vieille"
    row.advance()
    row.save()

    response = as_bao.post(address, values)

    assert response.status_code == 409
    assert "9 rue Vieille" in words(response)
    row.refresh_from_db()
    assert row.line_1 == "9 rue Vieille"


def test_while_the_candidate_is_at_it_staff_read_and_may_release(as_bao, alix):
    """B-155, B-163: with the name of who is at it."""
    whole = sent_with(as_bao.get(page(alix, "dossier/adresse/")), line_1="2 rue Neuve")
    LeaseFactory(
        resource=f"file:{alix.pk}/address", owner_id=alix.pk, taken_at=NOW, refreshed_at=NOW
    )

    shown = as_bao.get(page(alix))
    assert "Alix MARTIN modifie cette partie" in words(shown)
    locked = as_bao.get(page(alix, "dossier/adresse/"))
    assert "Compte verrouillé" in words(locked)
    assert as_bao.post(page(alix, "dossier/adresse/"), whole).status_code == 409
    assert Candidate.objects.get(user=alix).address.line_1 == "1 rue des Épreuves"

    as_bao.post(page(alix, "dossier/adresse/verrou/"))
    assert not Lease.objects.exists()
    assert as_bao.get(page(alix, "dossier/adresse/")).context["form"]
    again = as_bao.post(page(alix, "dossier/adresse/verrou/"), follow=True)
    assert "Plus personne" in words(again)


def test_line_is_not_deleted_while_the_candidate_is_at_it(as_bao, alix):
    line = InternshipFactory(candidate=alix.candidate)
    LeaseFactory(
        resource=f"file:{alix.pk}/internships", owner_id=alix.pk, taken_at=NOW, refreshed_at=NOW
    )

    response = as_bao.post(page(alix, f"dossier/stages/{line.pk}/supprimer/"))

    assert response.status_code == 409
    assert alix.candidate.internships.exists()


def test_imported_baccalaureate_stays(as_bao, alix):
    bac = alix.candidate.baccalaureate
    bac.is_imported = True
    bac.save()

    assert as_bao.get(page(alix, "dossier/baccalaureat/")).status_code == 302
    assert page(alix, "dossier/baccalaureat/") not in [
        url for url, _text in links(as_bao.get(page(alix)))
    ]


def test_imported_identity_leaves_the_contacts_to_change(as_bao, alix):
    Candidate.objects.filter(user=alix).update(is_imported=True)
    address = page(alix, "dossier/informations-personnelles/")
    response = as_bao.get(address)

    assert "birth_name" not in response.context["form"].fields
    assert as_bao.post(address, sent_with(response, mobile="06 39 98 00 01")).status_code == 302
    assert Candidate.objects.get(user=alix).mobile == "+33639980001"


# -- The account -----------------------------------------------------------------------------------


def test_account_is_opened_and_shown(as_bao, bao):
    """B-153."""
    CampaignFactory()
    values = {
        "last_name": "Durand",
        "first_name": "Zoé",
        "email": "zoe@example.org",
        "email_again": "zoe@example.org",
        "language": "fr",
        "is_continuing_education": "on",
    }

    assert (
        as_bao.post(f"{CANDIDATES}nouveau/", values | {"email_again": "x@y.org"}).status_code == 422
    )
    response = as_bao.post(f"{CANDIDATES}nouveau/", values, follow=True)

    zoe = User.objects.get(email="zoe@example.org")
    assert (zoe.opened_by, zoe.is_continuing_education) == (bao, True)
    assert response.redirect_chain == [(page(zoe), 302)]
    assert sent() == [("account-opened", "zoe@example.org")]
    again = as_bao.post(f"{CANDIDATES}nouveau/", values)
    assert again.status_code == 422
    assert "déjà un compte" in words(again)


def test_account_is_changed_and_stale_forms_are_shown_again(as_bao, alix):
    """B-156."""
    address = page(alix, "compte/")
    form = as_bao.get(address).context["form"]
    values = {
        "last_name": "Martin",
        "first_name": "Alix",
        "language": "en",
        "student_number": "22001",
        "seen": form.initial["seen"],
    }

    assert as_bao.post(address, values).status_code == 302
    stale = as_bao.post(address, values | {"student_number": "22002"})
    alix.refresh_from_db()
    assert (stale.status_code, alix.language, alix.student_number) == (409, "en", "22001")
    assert as_bao.post(address, values | {"seen": "forged", "language": "fr"}).status_code == 302


def test_address_is_changed_by_who_reads_the_new_one(as_bao, alix):
    address = page(alix, "compte/adresse/")
    UserFactory(email="taken@example.org")

    assert as_bao.get(address).status_code == 200
    assert as_bao.post(address, {"email": "taken@example.org"}).status_code == 422
    assert as_bao.post(address, {"email": "new@example.org"}).status_code == 302

    alix.refresh_from_db()
    assert alix.email == "alix@example.org"
    assert ("email-change-asked", "new@example.org") in sent()
    assert "new@example.org" in words(as_bao.get(page(alix)))


def test_link_is_sent_again(as_bao, alix):
    response = as_bao.post(page(alix, "compte/lien/"), follow=True)

    assert sent() == [("forgotten-identifiers", "alix@example.org")]
    assert "Le lien a été envoyé" in words(response)
    User.objects.update(is_active=False)
    User.objects.filter(pk__in=[as_bao.session["_auth_user_id"]]).update(is_active=True)
    assert "fermé" in words(as_bao.post(page(alix, "compte/lien/"), follow=True))


@pytest.mark.parametrize("act", ["connexion", "fermeture"])
def test_what_counts_at_once_asks_first(as_bao, alix, act):
    address = page(alix, f"compte/{act}/")

    assert as_bao.get(address).status_code == 200
    assert as_bao.post(address).status_code == 302
    alix.refresh_from_db()
    assert (alix.has_usable_password(), alix.is_active) == (act != "connexion", act != "fermeture")


def test_account_is_activated_once(as_bao, alix):
    User.objects.filter(pk=alix.pk).update(activated_at=None)

    assert as_bao.post(page(alix, "compte/activer/")).status_code == 302
    assert as_bao.post(page(alix, "compte/activer/")).status_code == 409
    assert as_bao.get(page(alix, "compte/autre/")).status_code == 404


def test_account_is_deleted_only_of_who_never_applied(client, bao, alix):
    """B-159."""
    client.force_login(bao)
    zoe = UserFactory(opened_by=bao)

    assert client.post(page(alix, "compte/supprimer/")).status_code == 409
    assert client.get(page(zoe, "compte/supprimer/")).status_code == 200
    assert client.post(page(zoe, "compte/supprimer/"), {"with_mail": "on"}).status_code == 302
    assert not User.objects.filter(pk=zoe.pk).exists()
    assert [kind for kind, _to in sent()] == ["account-deleted"]


def test_account_that_works_here_is_administered_by_who_gives_rights(client, bao, alix):
    """Whoever changes the address of an account could become that person."""
    AssignmentFactory(
        user=alix, role=RoleProfileFactory(grants={Capability.VIEW_APPLICATIONS: True})
    )
    client.force_login(bao)
    assert client.get(page(alix, "compte/adresse/")).status_code == 403

    client.force_login(staff("administrator"))
    assert client.get(page(alix, "compte/adresse/")).status_code == 200


def test_merged_account_leads_to_the_one_that_stays(as_ada, alix):
    old = UserFactory(merged_into=alix, is_active=False)

    assert as_ada.get(page(old)).url == page(alix)


# -- Locks -----------------------------------------------------------------------------------------


def test_locks_are_listed_and_released(as_ada, alix):
    """B-163: of which file, by whom, since when and until when."""
    held = LeaseFactory(
        resource=f"file:{alix.pk}/address", owner_id=alix.pk, taken_at=NOW, refreshed_at=NOW
    )
    LeaseFactory(resource="something", owner_id=0)
    address = "/gestion/parametrage/verrous/"

    listed = as_ada.get(address)
    assert str(Section.ADDRESS.label) in words(listed)
    twice = " ".join(["15/03/2027 à 11h00"] * 2)
    assert f"Alix MARTIN (K7P2M9QX) Alix MARTIN {twice}" in words(listed)
    as_ada.post(f"{address}{held.pk}/liberer/")
    assert Lease.objects.count() == 1
    assert as_ada.get(f"{address}liberer/").status_code == 200
    as_ada.post(f"{address}liberer/")
    assert not Lease.objects.exists()
    assert "Personne ne modifie" in words(as_ada.get(address))


@pytest.mark.parametrize("count", [1, 3])
def test_locks_take_constant_queries(as_ada, count, django_assert_num_queries):
    for _number in range(count):
        user = UserFactory()
        LeaseFactory(resource=f"file:{user.pk}/address", owner_id=user.pk)
    as_ada.get("/gestion/parametrage/verrous/")

    with django_assert_num_queries(6):
        as_ada.get("/gestion/parametrage/verrous/")


def test_nobody_signed_in_sees_nothing(db):
    assert Client().get(CANDIDATES).status_code == 302
