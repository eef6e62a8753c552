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

# What the two guides answer, by the words somebody would type.
QUESTIONS = {
    "oublié identifiants": "identifiants-oublies",
    "ou trouver INE": "ou-trouver-ine",
    "zero O": "ou-trouver-ine",
    "COMPTE VERROUILLE par un autre utilisateur": "compte-verrouille",
    "compte bloqué": "compte-verrouille",
    "releves de notes du baccalaureat": "releves-bac",
    "notes de l'année en cours": "releves-cursus",
    "titre professionnel": "titre-professionnel",
    "documents en plus": "pieces-supplementaires",
    "non concerné par cette pièce": "non-concerne",
    "transmettre ma candidature devient vert": "transmission-impossible",
    "terminer plus tard": "finaliser-plus-tard",
    "remplacer ou supprimer des pièces": "modifier-pieces",
    "mail d'activation": "mail-activation",
    "lien d'activation ne fonctionne pas": "lien-activation",
    "INE incorrect": "ine-incorrect",
    "INE pas reconnu": "ine-inconnu",
    "cursus interne erreur": "cursus-interne",
    "changer d'adresse mail": "changer-adresse-mail",
    "modifier informations personnelles": "modifier-informations",
    "IUT": "etablissement-absent",
    "établissement liste": "etablissement-absent",
    "formation trouve pas": "formation-absente",
    "dates des campagnes de candidature": "dates-campagnes",
    "annuler candidature": "annuler-candidature",
    "même si vous êtes déjà étudiant": "creer-son-compte",
    "fusionner relevés": "plusieurs-fichiers",
    "cachet de la poste": "dossier-papier",
    "réceptionné": "statuts",
    "désistement définitif": "decision",
}


@pytest.fixture
def starter():
    add_starter_faq()


@pytest.mark.parametrize(("words", "code"), QUESTIONS.items())
def test_what_the_guides_answer_is_found(starter, words, code):
    assert code in [entry.code for entry in find_entries(words)]


def test_every_starter_question_answers_something_in_the_guides():
    assert set(QUESTIONS.values()) == set(starter_faq("fr"))


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

    assert (first, again) == (len(set(QUESTIONS.values())), 0)
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
