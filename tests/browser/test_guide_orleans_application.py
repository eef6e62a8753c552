"""The guide of the university of Orléans, paragraph by paragraph: applying, transmitting,
following, answering (test_guide_orleans.py comes before, test_guide_orleans_questions.py after)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walks import journey
from tests.browser.walks.hands import as_upload
from tests.browser.walks.papers import downloaded, last_page_of, text_of
from tests.factories import samples

pytestmark = pytest.mark.browser

INFORMATICS = "Master 1 Informatique"
MATHEMATICS = "Licence 2 Mathématiques"
ENGINEERING = "Licence 2 Sciences pour l'ingénieur"
CHEMISTRY = "Master 1 Chimie"  # on paper
IDENTITY, CV = "Pièce d’identité", "Curriculum vitæ"
MARKS_OF_BAC, MARKS = "Relevés de notes du baccalauréat", "Relevés de notes du cursus"
DESCRIPTIONS = "Descriptifs/contenus des formations ou cursus suivis"
TITLE, MOTIVATION = "Titre professionnel", "Lettre de motivation"
RECOMMENDATION = "Lettre de recommandation"
WRITTEN = {CV: "Mon CV", MARKS_OF_BAC: "Mon bac", MARKS: "Mes notes", MOTIVATION: "Mes motifs"}
ADJUSTMENTS = "Demandez-vous un aménagement ?"


# -- « Candidater à des formations » ---------------------------------------------------------------


def test_paperless_application_from_the_choice_to_the_place_and_back(alix, outbox, bao):
    # S2-28: chosen, then confirmed; a mail confirms it.
    alix.go("Offre de formation")
    alix.fill("Rechercher une formation", "informatique")
    alix.follow(INFORMATICS)
    alix.follow("Candidater")
    alix.title(f"Voulez-vous candidater à la formation « {INFORMATICS} » ?")
    assert outbox.subjects(alix.person.email)[0].startswith("Activez")
    alix.press("Oui, candidater")
    alix.title(INFORMATICS)
    created = outbox.read(alix.person.email, f"Votre candidature : {INFORMATICS}")
    assert f"Votre candidature à la formation {INFORMATICS}" in created

    # S2-35: in « Candidatures », by a double click or by « Ouvrir ».
    alix.go("Candidatures")
    row = alix.main.get_by_role("rowheader", name=INFORMATICS)
    expect(row).to_be_visible()
    alix.page.wait_for_load_state()
    row.dblclick()
    alix.title(INFORMATICS)
    journey.open_application(alix, INFORMATICS)

    # S2-37: the status stands in « Informations détaillées ». S2-38: « En attente ».
    expect(alix.page.locator("#details h2")).to_have_text("Informations détaillées")
    expect(alix.dossier_status).to_have_text("En attente")

    # S2-32: not to be transmitted as long as documents miss; all of them are said.
    alix.hands.follow(alix.page.locator("#readiness").get_by_role("link", name="Transmettre ma"))
    refused = alix.main.locator(".candide-blockers").first
    for document in (IDENTITY, CV, MARKS_OF_BAC, MARKS, DESCRIPTIONS, TITLE, MOTIVATION):
        expect(refused).to_contain_text(document)

    # S2-39: the missing documents are those « En attente ».
    expect(alix.document(CV)).to_contain_text("En attente")

    # S2-30: given in one's own space. S2-31: photographed page by page, joined to one file.
    journey.give(alix, IDENTITY, ("recto.jpg", samples.photo()), ("verso.heic", samples.heic()))
    expect(alix.document(IDENTITY)).to_contain_text("2 pages")
    for document, text in WRITTEN.items():
        journey.give(alix, document, ("document.pdf", samples.pdf(text=text)))
    # What cannot be read is refused at once, with what to do about it.
    field = alix.field(f"Fichiers pour « {RECOMMENDATION} »")
    alix.hands.attach(field, [as_upload("notes.pdf", samples.pdf_with_user_password())])
    expect(alix.document(RECOMMENDATION)).to_contain_text("mot de passe")
    for document in (DESCRIPTIONS, TITLE, RECOMMENDATION):
        journey.decline(alix, document)

    # Questions, one of which the answer to another asks.
    expect(alix.question("Quel aménagement ?")).to_have_count(0)
    alix.hands.tick(alix.question(ADJUSTMENTS).get_by_role("radio", name="Oui"))
    alix.hands.fill(alix.question("Quel aménagement ?").get_by_role("textbox"), "Un tiers temps")
    journey.save(alix, "Quel aménagement ?")

    # S2-32: everything is there, so it can be transmitted: a receipt, by mail too.
    transmit = alix.page.locator("#readiness").get_by_role("link", name="Transmettre ma")
    expect(transmit).to_have_class(re.compile("btn-success"))
    journey.transmit(alix)
    sha256 = alix.page.locator(".candide-receipt code").inner_text()
    receipt = text_of(downloaded(alix.page, "Télécharger l'accusé de réception"))
    assert sha256 in receipt.replace("\n", "")
    assert outbox.subjects(alix.person.email)[0] == f"Accusé de réception : {INFORMATICS}"
    # S2-38: « Réceptionné ».
    expect(alix.dossier_status).to_have_text("Réceptionné")
    expect(alix.field(f"Fichiers pour « {CV} »")).to_have_count(0)

    # S2-36: « Télécharger mon dossier »: everything given, in one file.
    dossier = text_of(downloaded(alix.page, "Télécharger mon dossier"))
    for words in (INFORMATICS, "VASSEUR", "Lycée polyvalent Jean Zay", "Mes notes 1"):
        assert words in dossier

    # S2-38: « Incomplet »: a document is not acceptable.
    bao.open(alix.person.email, INFORMATICS)
    bao.refuse(MARKS, "La deuxième page est illisible.")
    bao.declare("Incomplet")
    incomplete = outbox.read(alix.person.email, f"Dossier incomplet : {INFORMATICS}")
    assert MARKS in incomplete
    alix.page.reload()
    expect(alix.dossier_status).to_have_text("Incomplet")
    # S2-39: the one « Refusée », with why; only it can be given again.
    expect(alix.document(MARKS)).to_contain_text("Refusée")
    expect(alix.document(MARKS)).to_contain_text("La deuxième page est illisible.")
    expect(alix.field(f"Fichiers pour « {CV} »")).to_have_count(0)
    journey.give(alix, MARKS, ("notes.pdf", samples.pdf(pages=2, text="(lisible)")))
    journey.transmit(alix)

    # S2-38: « Complet ».
    bao.open(alix.person.email, INFORMATICS)
    bao.declare("Complet")
    alix.page.reload()
    expect(alix.dossier_status).to_have_text("Complet")

    # S2-47: once treated, it cannot be cancelled any more.
    expect(alix.link("Annuler la candidature")).to_have_count(0)

    # S2-02, S2-40: « Avis favorable », seen once it is released: then one may choose.
    bao.decide("Avis favorable", comment="Très bon dossier.")
    alix.page.reload()
    expect(alix.page.locator("#decision")).to_have_count(0)
    bao.release()
    assert outbox.subjects(alix.person.email)[0] == f"Décision : {INFORMATICS}"
    alix.page.reload()
    decision = alix.page.locator("#decision")
    expect(decision).to_contain_text("Avis favorable")
    expect(decision).to_contain_text("Très bon dossier.")
    expect(alix.link("Me désister")).to_be_visible()
    assert "VASSEUR" in text_of(downloaded(alix.page, "Télécharger la lettre d'admission"))

    # S2-45: it must be confirmed, and until when. S2-03: « Confirmer ma candidature ».
    expect(decision).to_contain_text("Répondez avant le")
    alix.follow("Confirmer ma candidature")
    alix.press("Confirmer ma candidature")
    expect(decision).to_contain_text("Confirmée")
    # S2-41: how to enrol is told.
    confirmed = outbox.read(alix.person.email, f"Candidature confirmée : {INFORMATICS}")
    assert "La marche à suivre pour votre inscription" in confirmed

    # S2-55: personal information can still be changed; what was transmitted stays.
    alix.go("Mon dossier")
    alix.follow("Informations personnelles")
    alix.follow("Modifier")
    alix.press("Suivant")
    alix.fill("Nom usuel", "Vasseur-Martin")
    alix.press("Suivant")
    expect(alix.page).to_have_url(re.compile("/dossier/adresse/"))
    journey.open_application(alix, INFORMATICS)
    assert "MARTIN" not in text_of(downloaded(alix.page, "Télécharger mon dossier"))

    # S2-46: « Me désister » is possible after confirming too. S2-42: it cannot be undone.
    alix.follow("Me désister")
    alix.see("Cette action est irréversible.")
    alix.press("Me désister")
    expect(decision).to_contain_text("Désistée")
    expect(decision).to_contain_text("C'est irréversible.")
    expect(alix.link("Confirmer ma candidature")).to_have_count(0)
    assert outbox.subjects(alix.person.email)[0] == f"Désistement enregistré : {INFORMATICS}"


def test_paper_dossier_is_posted_or_cancelled(alix, outbox):
    journey.apply_to(alix, CHEMISTRY, "chimie")

    # S2-29: on paper. S2-33: download, print, post.
    alix.see("Cette formation demande un dossier papier.")
    alix.see("adresse mentionnée en dernière page")
    expect(alix.page.locator("#readiness")).not_to_contain_text("Transmettre")
    path = downloaded(alix.page, "Télécharger mon dossier")
    last = last_page_of(path)
    # S2-33: the address on the last page. S2-34: the deadline, as postmarked.
    for words in ("Service des candidatures", "45000 Valmont", "cachet de la poste"):
        assert words in last
    for document in (IDENTITY, CV, MARKS):
        assert document in text_of(path)

    # S2-24: a second programme.
    journey.apply_to(alix, MATHEMATICS, "mathematiques")
    alix.go("Candidatures")
    expect(alix.main.locator("tbody tr")).to_have_count(2)

    # S2-47, S2-60: cancelled, as long as nobody has treated it.
    journey.open_application(alix, CHEMISTRY)
    alix.follow("Annuler la candidature")
    alix.see("Vous allez annuler votre candidature")
    alix.press("Annuler la candidature")
    alix.see("Cette candidature est annulée.")
    assert outbox.subjects(alix.person.email)[0] == f"Candidature annulée : {CHEMISTRY}"
    alix.go("Candidatures")
    expect(alix.main.locator("tbody tr")).to_have_count(1)


# -- « Suivre l'avancement de son dossier » --------------------------------------------------------


def test_decisions_are_told_with_what_they_mean(alix, outbox, bao):
    journey.apply_to(alix, MATHEMATICS, "mathematiques")
    journey.apply_to(alix, ENGINEERING, "ingenieur")

    # S2-43: « Avis défavorable », with its reason, on the page and by mail.
    reason = "Niveau insuffisant dans les matières fondamentales"
    bao.open(alix.person.email, MATHEMATICS)
    bao.declare("Complet")
    bao.decide("Avis défavorable", reason=reason)
    bao.release()
    journey.open_application(alix, MATHEMATICS)
    expect(alix.page.locator("#decision")).to_contain_text("Avis défavorable")
    expect(alix.page.locator("#decision")).to_contain_text(reason)
    assert reason in outbox.read(alix.person.email, f"Décision : {MATHEMATICS}")
    # S2-47: nothing left to cancel.
    expect(alix.link("Annuler la candidature")).to_have_count(0)

    # S2-44: on a waiting list, and perhaps called.
    bao.open(alix.person.email, ENGINEERING)
    bao.decide("Placement sur liste d’attente")
    bao.release()
    journey.open_application(alix, ENGINEERING)
    expect(alix.page.locator("#decision")).to_contain_text("Placement sur liste d’attente")
    expect(alix.page.locator("#decision")).to_contain_text("rappelé")
