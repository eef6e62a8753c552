"""What the guides say of signing in, of data the university fills in, of an INE it does not know
and of studies there, walked with a real CAS server, a real LDAP directory, and a server that speaks
as Apogée does [A-117, S2-05…S2-07, S2-18, S2-20, S2-21]."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from candide.admissions.candidates.domain.student_documents import fetch_due_documents
from candide.institution.access.jobs import follow_directory
from candide.institution.accounts.domain.sso import Identity, attach
from candide.institution.catalogue.models import Institution
from candide.integrations.directory.port import DirectoryPerson
from tests.browser.states.file import france
from tests.browser.walks.walker import Walker, unused_ine
from tests.factories.access import ada
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.factories.reference import CommuneFactory, CommunePostcodeFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.institution.accounts.mailbox import last_secret
from tests.integrations.cas import server as cas
from tests.integrations.cas.people import PASSWORD
from tests.integrations.directory import slapd
from tests.integrations.sis import speaking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
INE = "230145789KH"
BAO = DirectoryPerson(
    uid="btran",
    first_name="Bao",
    last_name="TRAN",
    email="bao.tran@univ-valmont.example",
    unit="UFR Sciences",
)


@dataclass
class Systems:
    """Where the systems of the institution are."""

    cas: str
    directory: str


@pytest.fixture
def systems(settings: Any, tmp_path: Any) -> Iterator[Systems]:
    with ExitStack() as running:
        student_system = running.enter_context(speaking.running())
        directory = running.enter_context(slapd.running(tmp_path))
        url = running.enter_context(cas.running(tmp_path))
        slapd.add_people(directory, [BAO], affiliation="employee")
        cas.connect(settings, url)
        settings.OIDC_ISSUER = ""
        settings.STUDENT_SYSTEM, settings.SIS = "apogee", asdict(student_system.apogee)
        settings.DIRECTORY = "ldap"
        settings.LDAP = {**settings.LDAP, "url": directory, "base": slapd.PEOPLE}
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        form_action = ["'self'", url.rstrip("/")]
        settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy | {"form-action": form_action}}
        yield Systems(cas=url, directory=directory)


def come_through(walker: Walker, door: str, login: str = "") -> None:
    """Through the door of the institution; without `login`, who is signed in there already."""
    page = walker.page
    page.goto("/compte/connexion/")
    doors = page.locator(f"[aria-labelledby={door}]")
    doors.get_by_role("link", name="Connexion avec CAS Valmont").click()
    if login:
        page.locator("#id_username").fill(login)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#login_form button[type=submit]").click()


class Run:
    """A run of a job, as the worker gives it one."""

    def each(self, items: Iterable[Any], act: Callable[[Any], Any]) -> None:
        for item in items:
            act(item)


@pytest.mark.skipif(
    slapd.SLAPD is None or not slapd.has_library(), reason="needs slapd and python3-ldap"
)
def test_people_of_the_institution_come_in_and_find_what_it_knows(
    page: Page, systems: Systems, live_server: Any, sign_in: Any
) -> None:
    Institution.objects.create(pk=1, name="Université de Valmont", short_name="Valmont")
    CampaignFactory(starts_on=date(2020, 1, 1), ends_on=date(2099, 1, 1))
    _country, loiret, _orleans, _general = france()
    olivet = CommuneFactory(insee="45232", name="Olivet", department=loiret)
    CommunePostcodeFactory(commune=olivet, postcode="45160")
    DocumentRequirementFactory(label="Relevé du bac", common=True, sis_code="RNBAC")

    walker = Walker(page)
    staff_come_and_leave(walker, systems, sign_in)
    page.request.get(f"{systems.cas}logout")
    student_finds_what_the_university_knows(walker)
    page.context.clear_cookies()
    stranger_goes_on_with_an_unknown_ine(walker)


def staff_come_and_leave(walker: Walker, systems: Systems, sign_in: Any) -> None:
    page, administrator = walker.page, Client()
    administrator.force_login(ada(email="ada@univ-valmont.example"))
    sign_in(administrator)

    # Found in the directory, given a role: nothing is typed again.
    page.goto("/gestion/parametrage/personnes/annuaire/?q=tran")
    page.get_by_role("link", name="Bao TRAN").click()
    expect(page.locator("[name=email]")).to_have_value(BAO.email)
    page.locator("[name=role]").select_option(index=1)
    page.locator("[name=place]").select_option("institution")
    walker.press("Ajouter")
    page.context.clear_cookies()

    # No password of Candide: the login of the university opens the account.
    come_through(walker, "door-staff", "btran")
    expect(page).to_have_url(re.compile("/gestion/$"))

    # Who signs out there, in another window, is signed out here.
    page.request.get(f"{systems.cas}logout")
    page.goto("/gestion/")
    walker.title("Connexion")

    # Who has left the directory comes in no more.
    slapd.remove_person(systems.directory, BAO.uid)
    follow_directory(timezone.now(), Run())
    come_through(walker, "door-staff", "btran")
    expect(page).to_have_url(re.compile("/compte/connexion/hors-service/$"))


def student_finds_what_the_university_knows(walker: Walker) -> None:
    page = walker.page
    # S2-05, S2-06: the account of candidates is made once, with what the sign-in says.
    come_through(walker, "door-sso", "clemartin")
    expect(walker.field("Prénom")).to_have_value("Clémentine")
    walker.press(walker.words.create_mine)
    page.goto(f"/compte/activation/{last_secret('account-created')}/")
    walker.press(walker.words.activate)
    come_through(walker, "door-sso")
    expect(page).to_have_url(re.compile("/espace/$"))

    # S2-07: what the university knows is filled in, once one says who one is.
    walker.go("Mon dossier")
    walker.follow("Informations personnelles")
    expect(walker.field("INE")).to_have_value(INE)
    expect(walker.field("INE")).to_be_disabled()
    walker.press("Suivant")
    walker.see("Certifiez-vous être CLÉMENTINE MARTIN né(e) le 12 avril 2005 ?")
    walker.press("Oui")
    walker.press("Suivant")
    walker.section("Adresse")
    walker.see("14 RUE DES PRUNIERS")
    walker.see("Repris de l’université")

    # S2-20, S2-21: the studies there, and whom a mistake is told.
    walker.section("Cursus interne")
    walker.see("Licence 3 Sciences de la vie")
    walker.see("contactez le service de scolarité concerné")

    # The documents it holds arrive soon, and are asked for no more.
    fetch_due_documents(now=timezone.now())
    page.reload()
    walker.see("Relevé_de_notes_du_baccalauréat.pdf (2023)")


def stranger_goes_on_with_an_unknown_ine(walker: Walker) -> None:
    page = walker.page
    elodie = UserFactory(first_name="Élodie", last_name="VASSEUR")
    attach(elodie, Identity(provider="valmont", subject="evasseur"))
    come_through(walker, "door-sso", "evasseur")

    # Nothing is known of who never studied there: everything is typed.
    walker.go("Mon dossier")
    walker.follow("Informations personnelles")
    walker.fill("INE", unused_ine())
    walker.press("Suivant")
    walker.tick("Mme")
    walker.fill("Nom patronymique", "Vasseur")
    walker.fill("Prénom", "Élodie")
    walker.fill("Date de naissance", "12/05/2004")
    walker.choose("Département de naissance", "45 – Loiret")
    walker.wait_for_lists("birthtown")
    walker.fill("Ville de naissance", "Orléans")
    walker.press("Suivant")

    # S2-18: « Oui » goes on.
    expect(
        walker.heading("Votre INE est inconnu de notre système, voulez-vous continuer ?")
    ).to_be_visible()
    walker.follow("Oui")
    expect(page).to_have_url(re.compile("/dossier/adresse/modifier/$"))
    walker.section("Cursus interne")
    walker.see("Aucun cursus interne")
