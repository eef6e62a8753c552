"""The guide of the university of Orléans, its frequent questions: each is found on the assistance
page by the words of the guide, and answered."""

import pytest

from tests.browser.walks import journey
from tests.browser.walks.walker import PASSWORD, Person

pytestmark = pytest.mark.browser

# What somebody types; the question found; what its answer says.
QUESTIONS = [
    # S2-48
    (
        "Je ne reçois pas le mail d'activation de mon compte",
        "Je ne reçois pas le mail d'activation de mon compte",
        "Regardez dans vos courriers indésirables.",
    ),
    # S2-49
    (
        "nouveau lien activation",
        "Je ne reçois pas le mail d'activation de mon compte",
        "cliquez sur « Je n'ai pas reçu le lien d'activation » sur la page d'accueil",
    ),
    # S2-50
    (
        "Le lien d'activation ne fonctionne pas",
        "Le lien d'activation ne fonctionne pas",
        "Copiez l'adresse complète du lien depuis le mail",
    ),
    # S2-51
    (
        "J'ai oublié mes identifiants ou mon mot de passe",
        "J'ai oublié mes identifiants ou mon mot de passe",
        "cliquez sur « J'ai oublié mes identifiants »",
    ),
    # S2-52
    (
        "numéro INE est incorrect",
        "Un message indique que mon numéro INE est incorrect",
        "videz le champ et continuez",
    ),
    # S2-53
    ("pas reconnu", "Mon numéro INE n'est pas reconnu", "c'est normal"),
    # S2-21
    (
        "erreur cursus interne",
        "Je constate une erreur dans mon cursus interne",
        "écrivez au service de scolarité",
    ),
    # S2-54
    (
        "Je souhaite changer d'adresse mail",
        "Je souhaite changer d'adresse mail",
        "ouvrez « Mon compte » puis « Adresse mail »",
    ),
    # S2-55
    (
        "Je souhaite modifier mes informations personnelles",
        "Je souhaite modifier mes informations personnelles",
        "Ouvrez « Mon dossier » puis « Informations personnelles »",
    ),
    # S2-23, S2-56
    (
        "trouve pas mon établissement dans la liste",
        "Je ne trouve pas mon établissement dans la liste",
        "précisez le lieu dans le libellé de la formation suivie",
    ),
    # S2-57
    ("compte bloqué", "ou compte bloqué", "Réessayez un peu plus tard."),
    # S2-58
    (
        "Je ne trouve pas la formation à laquelle je souhaite candidater",
        "Je ne trouve pas la formation à laquelle je souhaite candidater",
        "le site de l'université indique la procédure à suivre",
    ),
    # S2-59
    (
        "l'offre de formation et les dates des campagnes de candidature",
        "Où trouver l'offre de formation et les dates des campagnes de candidature",
        "Dans « Offre de formation », accessible sans compte.",
    ),
    # S2-60
    (
        "Je souhaite annuler ma candidature à une formation",
        "Je souhaite annuler ma candidature à une formation",
        "cliquez sur « Annuler la candidature »",
    ),
    # S2-38
    ("statuts", "Que veulent dire les statuts de mon dossier", "Réceptionné"),
]


def test_questions_are_found_and_answered(new_walker):
    alix = new_walker()

    # S2-61: « Assistance », from everywhere; here without an account.
    alix.page.goto("/")
    alix.go("Assistance")

    for words, question, answer in QUESTIONS:
        alix.read_answer(words, question, answer)


def test_forgotten_identifiers_and_another_address(new_walker, people_with_file, outbox):
    alix = new_walker(person=next(people_with_file))

    # S2-51: one button for the identifier and the password.
    journey.recover(alix, outbox, f"{PASSWORD}2")

    # S2-54: another address, which must be confirmed; both are told.
    before, after = alix.person.email, Person().email
    alix.account("Adresse mail")
    alix.fill("Nouvelle adresse mail", after)
    alix.fill("Confirmation de l'adresse mail", after)
    alix.fill("Mot de passe actuel", f"{PASSWORD}2")
    alix.press("Envoyer le lien de validation")
    alix.see(after)
    assert outbox.subjects(before)[0].startswith("Changement d'adresse mail demandé")
    alix.page.goto(outbox.link(after, "/compte/adresse-mail/"))
    alix.press("Valider cette adresse")
    assert outbox.subjects(before)[0].startswith("Votre adresse mail a changé")
    alix.page.context.clear_cookies()
    alix.page.goto("/compte/connexion/")
    journey.sign_in(alix, login=after, password=f"{PASSWORD}2")
