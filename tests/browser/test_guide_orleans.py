"""The guide of the university of Orléans, walked paragraph by paragraph on the medium data: the
account, the file, the offer (test_guide_orleans_application.py goes on). Each step names its
paragraph, by the identifiers of docs/coverage/candidate.md."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walks import journey
from tests.browser.walks.walker import Person

pytestmark = pytest.mark.browser

INFORMATICS = "Master 1 Informatique"
MATHEMATICS = "Licence 2 Mathématiques"
CHEMISTRY = "Master 1 Chimie"  # on paper
CENTRE = "Faculté des sciences et techniques"
WRONG_INE = "1856816120C"  # the example of the guide: its key is not that of its digits


# -- « Créer son compte » --------------------------------------------------------------------------


def test_somebody_from_elsewhere_creates_an_account(new_walker, outbox):
    alix = new_walker()

    # S2-01: one applies here. S2-04: to this university, and to no other.
    alix.page.goto("/")
    alix.title("Candidater à l'Université de Valmont")

    # S2-05, S2-08: two doors, for its students and for everybody else.
    expect(alix.heading("Je suis étudiant à l’université de Valmont")).to_be_visible()
    expect(alix.heading("Je ne suis pas étudiant à l’université de Valmont")).to_be_visible()

    # S2-08: « Créer un compte ».
    journey.create_account(alix)

    # S2-11, S2-48: no mail? Look among the unwanted ones; is the address right, the mailbox full?
    alix.see("Vérifiez dans vos courriers indésirables.")
    alix.see("Vérifiez que votre messagerie n'est pas pleine.")
    alix.see("Vérifiez que l'adresse mail saisie est correcte.")

    # S2-09: a mail with a link is sent.
    mail = outbox.read(alix.person.email, re.compile("Activez votre compte"))
    number = re.search(r"numéro de dossier est (\w{8})", mail).group(1)
    assert "/compte/activation/" in mail

    # S2-49: another link can be asked for from the home page; it replaces the first.
    alix.page.goto("/")
    alix.follow("Je n'ai pas reçu le lien d'activation")
    alix.fill("Adresse mail", alix.person.email)
    alix.press("M'envoyer un nouveau lien")
    alix.see(alix.person.email)
    assert outbox.subjects(alix.person.email)[0].startswith("Nouveau lien d'activation")

    # S2-50: the link stands in the mail as an address to copy.
    link = outbox.link(alix.person.email, "/compte/activation/")
    assert link in outbox.read(alix.person.email, re.compile("Nouveau lien"))

    # S2-10: activated, one comes back with the identifiers of the mail.
    alix.page.goto(link)
    alix.see(number)
    alix.press("Activer mon compte")
    journey.sign_in(alix, login=number)
    alix.title("Mon espace")


def test_student_of_the_university_comes_through_its_own_door(new_walker, outbox):
    alix = new_walker()

    # S2-05: on to the page on which the university recognises its students, and back.
    alix.page.goto("/")
    alix.page.locator("[aria-labelledby=door-sso]").get_by_role("link").click()
    alix.page.get_by_role("button", name=re.compile("CLÉMENTINE")).click()

    # S2-06: an account must be created nevertheless.
    alix.title("Vous n'avez pas encore de compte de candidature")
    alix.see("Vous devez créer votre compte, même si vous êtes déjà étudiant")
    expect(alix.field("Nom")).to_have_value("MARTIN")
    for label in ("Adresse mail", "Confirmation de l'adresse mail"):
        alix.fill(label, alix.person.email)
    alix.press("Créer mon compte")
    journey.activate(alix, outbox)
    alix.page.goto("/compte/universite/")
    alix.page.get_by_role("button", name=re.compile("CLÉMENTINE")).click()
    alix.title("Mon espace")

    # S2-07: what the university knows is filled in.
    alix.go("Mon dossier")
    alix.follow("Informations personnelles")
    expect(alix.field("INE")).to_have_value("230145789KH")
    alix.press("Suivant")
    alix.see("Certifiez-vous être CLÉMENTINE MARTIN")
    alix.press("Oui")
    alix.see("12 avril 2005")
    # S2-07: some of it can be changed.
    alix.fill("Téléphone portable", "06 39 98 00 99")
    alix.press("Suivant")
    alix.section("Adresse")
    alix.see("14 RUE DES PRUNIERS")
    alix.section("Baccalauréat")
    alix.see("Baccalauréat général")

    # S2-20: the internal studies are there. S2-21: who corrects them; then they are fetched again.
    alix.section("Cursus interne")
    alix.see("Licence 3 Sciences de la vie - session 1")
    alix.see("contactez le service de scolarité concerné")


# -- « Compléter son dossier » ---------------------------------------------------------------------


def test_file_is_filled_in(new_walker, outbox):
    alix = journey.arrive(new_walker(), outbox)

    # S2-12: at the first sign-in the file is what remains to do, and one cannot apply before.
    alix.see("Renseignez vos informations personnelles.")
    alix.go("Offre de formation")
    alix.fill("Rechercher une formation", "informatique")
    alix.follow(INFORMATICS)
    alix.follow("Candidater")
    alix.see("Vous ne pouvez pas encore candidater")
    alix.see("Renseignez votre adresse.")

    # S2-13: which sections are mandatory.
    alix.go("Mon dossier")
    for section in ("Informations personnelles", "Adresse", "Baccalauréat"):
        card = alix.main.locator(".file-sections li").filter(has_text=section)
        expect(card).to_contain_text("Obligatoire")
    expect(alix.main.locator(".file-sections li").last).to_contain_text("Facultatif")

    # S2-14: who has an INE, and where it stands.
    alix.follow("Informations personnelles")
    alix.hands.open(alix.main.locator("summary").filter(has_text="Qu'est-ce que l'INE"))
    alix.see("Si vous avez été candidat au baccalauréat français depuis 1995")
    alix.see("sur l'en-tête du relevé de notes du baccalauréat")
    alix.see("sur un relevé de notes universitaire")
    # S2-15: ten characters and a key. S2-16: nine and two letters, from 2018 on.
    alix.see("10 caractères et une clé d'une lettre")
    alix.see("9 chiffres et une clé de deux lettres, pour les bacheliers à partir de 2018")
    # S2-17: O is not 0.
    alix.see("la lettre « O » et le chiffre « 0 » (zéro)")

    # S2-52: « INE incorrect »: it can be left empty, or mended.
    alix.fill("INE", WRONG_INE)
    alix.see("L'INE est incorrect")
    alix.fill("INE", "")
    expect(alix.main.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")
    # S2-15: capitals put themselves.
    alix.fill("INE", alix.person.ine.lower())
    alix.press("Suivant")
    identity = Person(first_name="Élodie", last_name="Vasseur")
    alix.tick("Mme")
    alix.fill("Nom patronymique", identity.last_name)
    alix.fill("Prénom", identity.first_name)
    alix.fill("Date de naissance", "12/05/2004")
    alix.choose("Département de naissance", "45 – Loiret")
    alix.wait_for_lists("birthtown")
    alix.fill("Ville de naissance", "Orléans")
    alix.press("Suivant")

    # S2-18, S2-53: unknown here, because never enrolled here: « Oui » goes on.
    expect(
        alix.heading("Votre INE est inconnu de notre système, voulez-vous continuer ?")
    ).to_be_visible()
    alix.follow("Oui")
    journey.fill_address(alix)
    journey.fill_baccalaureate(alix)

    # S2-20: nothing is known of internal studies.
    alix.see("Aucun cursus interne")
    # S2-21: whom an error there is told.
    alix.see("contactez le service de scolarité concerné")

    # S2-22: IUTs are parts of universities.
    alix.section("Cursus externe")
    alix.follow("Nouveau cursus")
    alix.hands.open(alix.main.locator("summary").filter(has_text="Je ne trouve pas"))
    alix.see("Vous ne trouverez pas les IUT dans la liste")
    # S2-23: what is not listed is written, or one asks through « Assistance ».
    expect(alix.main.get_by_role("link", name="Assistance")).to_be_visible()
    alix.choose("Département", "45 – Loiret")
    alix.wait_for_lists("communes")
    alix.fill("Établissement à l'étranger ou absent de la liste", "IUT d'Orléans")
    alix.fill("Année d'obtention", "2024")
    alix.field("Formation").select_option(index=1)
    # S2-56: its place goes with the programme.
    alix.fill("Libellé et niveau de la formation", "BUT 2 Informatique, à Orléans")
    alix.tick("Oui")
    alix.press("Enregistrer")
    alix.see("IUT d'Orléans")
    alix.see("BUT 2 Informatique, à Orléans")

    # S2-13, S2-24: now one may apply.
    alix.go("Mon dossier")
    expect(alix.main.get_by_role("link", name="Choisir une formation")).to_be_visible()


def test_foreign_student_goes_on_without_ine(new_walker, outbox):
    alix = journey.arrive(new_walker(), outbox)

    # S2-19: nothing but the nationality.
    alix.go("Mon dossier")
    alix.follow("Informations personnelles")
    alix.choose("Nationalité", "Camerounaise")
    alix.press("Suivant")
    alix.see("Étape 2 sur 2")
    alix.tick("M.")
    alix.fill("Nom patronymique", "Mbarga")
    alix.fill("Prénom", "Alix")
    alix.fill("Date de naissance", "31/12/2003")
    alix.choose("Pays de naissance", "Cameroun")
    alix.wait_for_lists("birthplace")
    alix.fill("Ville de naissance", "Yaoundé")
    alix.press("Suivant")

    expect(alix.page).to_have_url(re.compile("/dossier/adresse/"))


# -- « Candidater à des formations » ---------------------------------------------------------------


def test_offer_is_there_for_everybody(new_walker):
    alix = new_walker()

    # S2-25, S2-59: without an account, without asking anybody.
    alix.page.goto("/offre/")
    # S2-26: by faculty and type of diploma.
    alix.tick_facet("Composante", CENTRE)
    alix.tick_facet("Type de diplôme", "Master")
    alix.tick_facet("Candidatures", "Ouverte maintenant")
    names = alix.main.locator(".catalogue-name")
    expect(names.filter(has_text=INFORMATICS)).to_be_visible()
    expect(names.filter(has_text=MATHEMATICS)).to_have_count(0)
    # S2-27: each with its own dates. S2-29: and its own procedure.
    items = alix.main.locator(".catalogue-item")
    expect(items.filter(has_text=INFORMATICS)).to_contain_text("Dossier dématérialisé")
    expect(items.filter(has_text=CHEMISTRY)).to_contain_text("Dossier papier")
    expect(items.filter(has_text=INFORMATICS)).to_contain_text(
        re.compile(r"Du \d.* \d{4} au \d.* \d{4}")
    )
    # S2-58: what is not offered here is explained, with a way out.
    alix.page.goto("/offre/?q=astronautique")
    alix.see("Toutes les formations ne sont pas ouvertes")
    # S2-25, S2-58: the programme's own page on the site of the university.
    alix.page.goto(f"/offre/?q={INFORMATICS}")
    alix.follow(INFORMATICS)
    site = alix.page.get_by_role("link", name=re.compile("Page internet de la formation"))
    expect(site).to_have_attribute("href", re.compile("^https://www.univ-valmont.example/"))
    # S2-61: « Assistance », from everywhere.
    alix.go("Assistance")
    alix.title("Assistance")
