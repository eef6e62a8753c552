"""The questions and answers of the university of Lorraine, walked one by one on the medium data.
Each step names its paragraph, by the identifiers of docs/coverage/candidate.md."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walks import journey
from tests.browser.walks.papers import downloaded, text_of
from tests.browser.walks.walker import PASSWORD, Person
from tests.factories import samples

pytestmark = pytest.mark.browser

INFORMATICS = "Master 1 Informatique"
MATHEMATICS = "Licence 2 Mathématiques"
IDENTITY, CV = "Pièce d’identité", "Curriculum vitæ"
MARKS_OF_BAC, MARKS = "Relevés de notes du baccalauréat", "Relevés de notes du cursus"
DESCRIPTIONS = "Descriptifs/contenus des formations ou cursus suivis"
TITLE, MOTIVATION = "Titre professionnel", "Lettre de motivation"
RECOMMENDATION = "Lettre de recommandation"
ADJUSTMENTS = "Demandez-vous un aménagement ?"
SCHEME, PROJECT = "Sous quel régime étudierez-vous ?", "Décrivez votre projet"
LOCKED = "Compte verrouillé par un autre utilisateur"
CLAIMED = "Un autre compte a saisi le même INE"


def paper(text):
    return ("document.pdf", samples.pdf(text=text))


def move_to(alix, street):
    """Another address in « Mon dossier », which is saved."""
    alix.go("Mon dossier")
    alix.follow("Adresse")
    alix.follow("Modifier")
    alix.fill("Adresse", street)
    alix.press("Enregistrer")
    alix.see(street)


# -- « J'ai oublié mes identifiants et mon mot de passe » ------------------------------------------


def test_forgotten_identifiers_are_mailed(new_walker, people_with_file, outbox):
    alix = new_walker(person=next(people_with_file))

    # S0-01: from the home page, the address alone; the login and a way to a new password by mail.
    journey.recover(alix, outbox, f"{PASSWORD}3")
    alix.title("Mon espace")


def test_forgotten_address_leads_to_another_account(new_walker, people_with_file, outbox):
    forgotten = next(people_with_file)

    # S0-02: another account, by the same person with the same INE.
    alix = new_walker(person=Person(ine=forgotten.ine))
    alix.page.goto("/")
    alix.follow("J'ai oublié mes identifiants")
    alix.see("ou créez un autre compte avec une autre adresse")
    journey.arrive(alix, outbox)
    alix.go("Mon dossier")
    alix.follow("Informations personnelles")
    journey.fill_identity(alix)
    journey.fill_address(alix)
    journey.fill_baccalaureate(alix)
    alix.section("Informations personnelles")
    alix.see(CLAIMED)
    assert outbox.subjects(forgotten.email)[0].startswith("Votre INE a été saisi")

    # S0-02: it is no dead end.
    journey.apply_to(alix, INFORMATICS, "informatique")


# -- « Numéro INE » --------------------------------------------------------------------------------


def test_ine_is_explained_and_never_in_the_way(new_walker, outbox):
    alix = journey.arrive(new_walker(), outbox)
    alix.go("Mon dossier")
    alix.follow("Informations personnelles")

    # S0-03: what it is, and where it stands.
    alix.hands.open(alix.main.locator("summary").filter(has_text="Qu'est-ce que l'INE"))
    alix.see("Identifiant National Étudiant")
    alix.see("sur l'en-tête du relevé de notes du baccalauréat")
    alix.see("sur un relevé de notes universitaire")

    # S0-04: ten characters and a key, or nine and two letters; with the space of the example too.
    ine, state = alix.field("INE"), alix.main.locator("[data-save-state]")
    alix.fill("INE", "1234567890 A")
    alix.see("L'INE est incorrect")
    expect(ine).to_have_attribute("aria-invalid", "true")
    for valid in ("1234567890 V", "123456789FJ"):
        alix.fill("INE", valid)
        expect(state).to_have_attribute("data-save-state", "saved")
        expect(ine).not_to_have_attribute("aria-invalid", "true")

    # S0-05: the letter O is not the digit 0.
    alix.fill("INE", "123456789OV")
    alix.see("la lettre O pour le 0 (zéro)")
    alix.see("1234567890V")

    # S0-06: without INE, the nationality alone and « Suivant ».
    alix.fill("INE", "")
    expect(alix.field("Nationalité").locator("option:checked")).to_have_text("Française")
    alix.press("Suivant")
    alix.see("Étape 2 sur 2")


# -- « Compte verrouillé par un autre utilisateur » ------------------------------------------------


def test_account_is_locked_for_a_while(alix, demonstration):
    # S0-07: staff are at it.
    alix.go("Mon dossier")
    alix.follow("Adresse")
    with demonstration.staff_at_work(alix.person.email):
        alix.follow("Modifier")
        alix.see(LOCKED)
        alix.see("le service des admissions travaille sur ce dossier")
        # S0-08: it ends by itself; try again later.
        alix.see("Réessayez dans quelques minutes")
        expect(alix.main).to_contain_text(re.compile(r"il sera libre au plus tard à \d\d h \d\d"))
        expect(alix.field("Adresse")).to_have_count(0)

    # S0-08: one tries again.
    alix.page.reload()
    expect(alix.main).not_to_contain_text(LOCKED)
    alix.fill("Adresse", "2 rue des Épreuves")
    alix.press("Enregistrer")
    alix.see("2 rue des Épreuves")


# -- « Relevés de notes » … « Modification des pièces » --------------------------------------------


def test_dossier_is_put_together_at_leisure_then_transmitted(alix):
    journey.apply_to(alix, INFORMATICS, "informatique")

    # S0-14: each document says its status; none is there yet.
    for document in (IDENTITY, CV, MARKS_OF_BAC, MARKS, DESCRIPTIONS, TITLE):
        expect(alix.document(document).locator(".candide-status")).to_have_text("En attente")

    # S0-09: a diploma in place of the transcripts of the baccalaureate.
    journey.give(alix, MARKS_OF_BAC, paper("Mon diplome"))
    # S0-10: the certificate of enrolment in place of the transcripts of this year.
    journey.give(alix, MARKS, paper("Certificat de scolarite"))
    # S0-11: a copy of the diploma in place of the professional title.
    journey.give(alix, TITLE, paper("Mon diplome"))
    # S0-12: more than is asked for, with the descriptions.
    journey.give(alix, DESCRIPTIONS, paper("Programme"), paper("Article"), paper("Palmares"))
    expect(alix.document(DESCRIPTIONS)).to_contain_text("3 pages")
    # S0-13: « Non concerné par cette pièce ».
    journey.decline(alix, RECOMMENDATION)

    # S0-16: one leaves with documents missing…
    alix.account("Déconnexion")
    alix.page.goto("/compte/connexion/")
    journey.sign_in(alix)
    # S0-16: … comes back, and finds everything again, « En attente ».
    alix.go("Candidatures")
    row = alix.main.locator("tbody tr").filter(has_text=INFORMATICS)
    expect(row).to_contain_text("En attente")
    journey.open_application(alix, INFORMATICS)
    expect(alix.dossier_status).to_have_text("En attente")
    expect(alix.document(MARKS).locator(".candide-status").first).to_have_text("Transmise")

    # S0-18: documents are added, replaced, deleted.
    journey.give(alix, IDENTITY, paper("Ma carte"))
    journey.give(alix, MOTIVATION, paper("Brouillon"))
    journey.give(alix, CV, paper("Brouillon"))
    alix.hands.open(alix.document(CV).locator("summary"))
    journey.give(alix, CV, paper("Mon CV"))
    alix.hands.follow(alix.document(MOTIVATION).get_by_role("link", name="Supprimer"))
    alix.press("Supprimer")
    expect(alix.document(MOTIVATION).locator(".candide-status")).to_have_text("En attente")

    # S0-15: not green as long as something is missing.
    transmit = alix.page.locator("#readiness").get_by_role("link", name="Transmettre ma")
    expect(transmit).not_to_have_class(re.compile("btn-success"))
    journey.answer_no(alix, ADJUSTMENTS)
    journey.give(alix, MOTIVATION, paper("Mes motifs"))
    # S0-15: it turns green.
    expect(transmit).to_have_class(re.compile("btn-success"))

    # S0-17: what one said of oneself can be changed.
    move_to(alix, "3 rue des Ratures")
    journey.open_application(alix, INFORMATICS)

    # S0-14: « Transmise » or « Non concerné », all of them. S0-15: the candidate transmits.
    alix.hands.follow(transmit)
    statuses = alix.main.locator(".candide-status")
    expect(statuses).to_have_text(["Transmise"] * 7 + ["Non concerné"])
    alix.press("Transmettre ma candidature")
    expect(alix.page.locator(".candide-receipt")).to_be_visible()
    expect(alix.dossier_status).to_have_text("Réceptionné")

    # S0-19: nothing changes any more, neither the documents…
    for name in ("Supprimer", "Non concerné par cette pièce"):
        expect(alix.main.get_by_role("link", name=name)).to_have_count(0)
    expect(alix.main.locator("input[type=file]")).to_have_count(0)
    # S0-19: … nor what was said of oneself, whatever is said later.
    move_to(alix, "4 rue du Lendemain")
    journey.open_application(alix, INFORMATICS)
    dossier = text_of(downloaded(alix.page, "Télécharger mon dossier"))
    assert "3 rue des Ratures" in dossier
    assert "4 rue du Lendemain" not in dossier
    assert "Mon CV 1" in dossier
    assert "Brouillon" not in dossier
    # S0-20: neither by mail nor on paper: the dossier says nothing of posting it.
    assert "cachet de la poste" not in dossier


# -- « Nota bene » ---------------------------------------------------------------------------------


def test_continuing_education_asks_for_the_same_documents(alix):
    journey.apply_to(alix, MATHEMATICS, "mathematiques")

    # S0-23: in continuing education one applies like everybody.
    scheme = alix.question(SCHEME)
    alix.hands.choose(scheme.get_by_role("combobox"), "Formation continue")
    journey.save(alix, SCHEME)
    alix.hands.fill(alix.question(PROJECT).get_by_role("textbox"), "Reprendre mes études.")
    journey.save(alix, PROJECT)
    journey.answer_no(alix, ADJUSTMENTS)

    # S0-21: the documents of the institution are asked all the same, and cannot be declined.
    alix.page.reload()
    for document in (IDENTITY, CV, MARKS_OF_BAC, MARKS):
        expect(alix.document(document)).not_to_contain_text("Non concerné")
    journey.give_documents(alix, [IDENTITY, CV, MARKS, MOTIVATION], [DESCRIPTIONS, TITLE])

    # S0-22: as long as nothing is given for one of them, the dossier stays here.
    alix.hands.follow(alix.page.locator("#readiness").get_by_role("link", name="Transmettre ma"))
    refused = alix.main.locator(".candide-blockers").first.get_by_role("listitem")
    expect(refused).to_have_text([f"La pièce « {MARKS_OF_BAC} » est manquante."])
    # S0-22: a blank document does.
    journey.give(alix, MARKS_OF_BAC, paper(""))
    journey.transmit(alix)


# -- What is answered on the page of questions -----------------------------------------------------


def test_questions_are_answered_and_staff_can_be_written_to(new_walker):
    alix = new_walker()
    alix.page.goto("/")
    alix.go("Assistance")

    # S0-24: questions and answers.
    for words, question, answer in (
        # S0-09
        ("relevés du baccalauréat", "Je n'ai pas mes relevés de notes du bac", "votre diplôme"),
        # S0-10
        ("notes de l'année en cours", "Je n'ai pas encore mes notes", "le certificat de scolarité"),
        # S0-11
        ("titre professionnel", "Qu'est-ce qu'un titre professionnel", "ministère chargé de l'emp"),
        # S0-12
        ("documents en plus", "Puis-je fournir des documents en plus", DESCRIPTIONS),
        # S0-13
        ("concerné par une pièce", "Je ne suis pas concerné", "« Non concerné par cette pièce »"),
        # S0-15
        ("transmettre mon dossier", "Je n'arrive pas à transmettre mon dossier", "devient vert"),
        # S0-16
        ("terminer plus tard", "Puis-je terminer ma candidature plus tard", "« En attente »"),
        # S0-18, S0-19
        ("modifier mes pièces", "Puis-je modifier mes pièces", "Après la transmission, elle est"),
        # S0-20
        ("sur papier", "Puis-je modifier mes pièces", "acceptées ni par mail ni sur papier"),
        # S0-22
        ("reprise d'études", "Je ne suis pas concerné", "un document qui l'explique"),
    ):
        alix.read_answer(words, question, answer)

    # S0-24: no answer there? Staff answer by mail.
    write = alix.main.locator("#contact").get_by_role("link")
    expect(write).to_have_attribute("href", "mailto:candidatures@univ-valmont.example")
