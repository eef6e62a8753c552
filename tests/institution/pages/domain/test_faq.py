"""ASSIST-02: the questions both guides answer, and finding them."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

import candide
from candide.institution.pages.domain.faq import find_entries
from candide.institution.pages.domain.starter import add_starter_faq, starter_faq
from candide.institution.pages.models import FaqEntry
from tests.factories.pages import FaqEntryFactory

pytestmark = pytest.mark.django_db

# What the two guides answer, by the words somebody would type: the entry, and what it must say.
QUESTIONS = {
    "oublié identifiants": ("identifiants-oublies", "un mail avec votre numéro de dossier"),
    "oublié quelle adresse": (
        "identifiants-oublies",
        "créer un autre compte avec une autre adresse",
    ),
    "ou trouver INE": ("ou-trouver-ine", "en tête du relevé de notes du baccalauréat"),
    "zero O": ("ou-trouver-ine", "la différence entre la lettre O et le chiffre 0 (zéro)"),
    "INE jamais étudié en France": ("ou-trouver-ine", "Laissez ce champ vide"),
    "COMPTE VERROUILLE par un autre utilisateur": (
        "compte-verrouille",
        "Réessayez un peu plus tard",
    ),
    "compte bloqué": ("compte-verrouille", "Quelqu'un d'autre modifie le même endroit"),
    "releves de notes du baccalaureat": (
        "releves-bac",
        "un certificat de scolarité ou tout autre document qui prouve votre niveau",
    ),
    "notes de l'année en cours": (
        "releves-cursus",
        "Déposez le certificat de scolarité de l'année en cours à la place du relevé",
    ),
    "titre professionnel": ("titre-professionnel", "délivrée par le ministère chargé de l'emploi"),
    "pas de titre professionnel": ("titre-professionnel", "une copie de votre diplôme à la place"),
    "documents en plus": (
        "pieces-supplementaires",
        "joignez-les à la pièce qui s'y prête le mieux",
    ),
    "non concerné par cette pièce": ("non-concerne", "« Non concerné par cette pièce »"),
    "reprise d'études pièce": ("non-concerne", "déposez à sa place un document qui l'explique"),
    "transmettre ma candidature devient vert": (
        "transmission-impossible",
        "chacune doit être « Transmise » ou « Non concerné »",
    ),
    "terminer plus tard": ("finaliser-plus-tard", "la candidature garde le statut « En attente »"),
    "remplacer ou supprimer des pièces": (
        "modifier-pieces",
        "ajouter, remplacer ou supprimer des pièces. Après la transmission, elle est figée",
    ),
    "pièces par mail": ("modifier-pieces", "ne sont acceptées ni par mail ni sur papier"),
    "mail d'activation": ("mail-activation", "Regardez dans vos courriers indésirables"),
    "messagerie pleine": ("mail-activation", "votre messagerie n'est pas pleine"),
    "activation adresse erreur": ("mail-activation", "créez de nouveau votre compte"),
    "lien d'activation ne fonctionne pas": (
        "lien-activation",
        "collez-la dans la barre d'adresse de votre navigateur",
    ),
    "INE incorrect": ("ine-incorrect", "videz le champ et continuez"),
    "INE pas reconnu": ("ine-inconnu", "Répondez « Oui » au message pour poursuivre"),
    "cursus interne erreur": ("cursus-interne", "écrivez au service de scolarité"),
    "changer d'adresse mail": ("changer-adresse-mail", "Un message y est envoyé"),
    "modifier informations personnelles": (
        "modifier-informations",
        "« Informations personnelles »",
    ),
    "IUT": ("etablissement-absent", "choisissez l'université de rattachement"),
    "établissement liste": ("etablissement-absent", "saisissez son nom vous-même"),
    "formation trouve pas": (
        "formation-absente",
        "Toutes les formations ne recrutent pas par cette application, et toutes n'ouvrent pas aux",
    ),
    "dates des campagnes de candidature": ("dates-campagnes", "accessible sans compte"),
    "annuler candidature": ("annuler-candidature", "cliquez sur « Annuler la candidature »"),
    "annuler traiter": ("annuler-candidature", "le service n'a pas commencé à le traiter"),
    "même si vous êtes déjà étudiant": ("creer-son-compte", "Vous devez créer votre compte"),
    "autre université compte": ("creer-son-compte", "valable pour notre université seulement"),
    "fusionner relevés": ("plusieurs-fichiers", "sont réunis en un seul document PDF"),
    "cachet de la poste": ("dossier-papier", "à l'adresse indiquée en dernière page"),
    "en attente dossier": ("statuts", "**En attente** : votre dossier n'est pas encore parvenu"),
    "réceptionné": ("statuts", "**Réceptionné** : le service de scolarité l'a reçu"),
    "incomplet pièce manque": (
        "statuts",
        "**Incomplet** : une pièce manque ou n'est pas recevable",
    ),
    "complet": ("statuts", "**Complet** : toutes les pièces sont recevables"),
    "avis favorable": ("decision", "« Confirmer ma candidature » ou « Me désister »"),
    "avis défavorable motif": ("decision", "**Avis défavorable** : le motif est indiqué"),
    "liste d'attente": ("decision", "vous pouvez être appelé si une place se libère"),
    "désistement définitif": ("decision", "Un désistement est définitif"),
}
CODES = {code for code, _answer in QUESTIONS.values()}


@pytest.fixture
def starter():
    add_starter_faq()


@pytest.mark.parametrize(("words", "expected"), QUESTIONS.items())
def test_what_the_guides_answer_is_found(starter, words, expected):
    code, answer = expected

    found = {entry.code: str(entry.answer) for entry in find_entries(words)}

    assert answer in found[code]


def test_every_starter_question_answers_something_in_the_guides():
    assert set(starter_faq("fr")) == CODES


def test_starter_questions_are_in_both_languages():
    french, english = starter_faq("fr"), starter_faq("en")

    assert list(french) == list(english)
    assert all(all(pair) for texts in (french, english) for pair in texts.values())


@pytest.mark.parametrize(
    ("language", "quoted", "named_by_staff"),
    [
        (
            "fr",
            "« (.+?) »",
            {"Je suis étudiant à …", "Descriptifs/contenus des formations ou cursus suivis"},
        ),
        (
            "en",
            "“(.+?)”",
            {"I am a student at …", "Descriptions of the programmes followed"},
        ),
    ],
)
def test_starter_answers_name_things_as_they_stand_on_the_screen(language, quoted, named_by_staff):
    on_screen = tuple(phrases(language))
    texts = " ".join(text for pair in starter_faq(language).values() for text in pair)

    assert {
        name for name in re.findall(quoted, texts) if not _begins_one(name, on_screen)
    } == named_by_staff


def phrases(language):
    """What the catalogues hold; their ids are English."""
    for path in Path(candide.__file__).parent.rglob("locale/fr/LC_MESSAGES/django.mo"):
        with path.open("rb") as compiled:
            for key, text in GNUTranslations(compiled)._catalog.items():
                english = key[0] if isinstance(key, tuple) else key
                yield text if language == "fr" else english.rpartition("\x04")[2]


def _begins_one(name, on_screen):
    return any(
        phrase == name or phrase.startswith((f"{name} :", f"{name}:")) for phrase in on_screen
    )


def test_starter_questions_are_added_once_and_never_over_what_staff_wrote():
    first = add_starter_faq()
    FaqEntry.objects.filter(code="statuts").update(question=LazyI18nString({"fr": "À nous"}))
    FaqEntry.objects.filter(code="decision").update(is_active=False)

    again = add_starter_faq()

    assert (first, again) == (len(CODES), 0)
    assert str(FaqEntry.objects.get(code="statuts").question) == "À nous"
    assert not FaqEntry.objects.get(code="decision").is_active


def test_questions_speak_the_language_of_the_reader(starter):
    entry = FaqEntry.objects.get(code="statuts")

    with override("en"):
        assert str(entry.question) == "What do the statuses of my dossier mean?"


def test_entries_come_in_the_order_of_staff_and_hidden_ones_not_at_all():
    FaqEntryFactory(code="second", position=20)
    FaqEntryFactory(code="first", position=10)
    FaqEntryFactory(code="hidden", position=5, is_active=False)

    assert [entry.code for entry in find_entries()] == ["first", "second"]


@pytest.mark.parametrize("words", ["", "  ", "?!", "éTÉ", "ete soleil", "soleil, été…"])
def test_accents_case_and_punctuation_do_not_matter(words):
    entry = FaqEntryFactory(question="L'Été ?", answer="Du **soleil**.")

    assert list(find_entries(words)) == [entry]


def test_every_word_must_be_there():
    FaqEntryFactory(question="L'Été ?", answer="Du soleil.")

    assert list(find_entries("ete pluie")) == []
