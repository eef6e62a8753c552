"""ASSIST-01…03."""

import pytest
from i18nfield.strings import LazyI18nString

from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.starter import add_starter_faq
from tests.factories.accounts import UserFactory
from tests.factories.pages import FaqEntryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PAGE = "/assistance/"


@pytest.fixture(autouse=True)
def institution():
    return Institution.objects.create(pk=1, name="Université de Valmont")


def words(response):
    return response.content.decode().replace("&#x27;", "'")


def codes(response):
    return [entry["code"] for entry in response.context["entries"]]


def test_starter_questions_are_all_there_with_their_answers(client):
    add_starter_faq()

    response = client.get(PAGE)

    assert len(codes(response)) == 27
    assert "27 questions" in words(response)
    assert "Compte verrouillé par un autre utilisateur" in words(response)
    for status in ("En attente", "Réceptionné", "Incomplet", "Complet"):
        assert f"<strong>{status}</strong> : " in words(response)


def test_search_needs_no_script_and_forgives_accents(client):
    add_starter_faq()

    response = client.get(PAGE, {"q": "RELEVES baccalaureat"})

    assert "releves-bac" in codes(response)
    assert "annuler-candidature" not in codes(response)
    assert 'value="RELEVES baccalaureat"' in words(response)


def test_htmx_gets_the_answers_alone(client):
    FaqEntryFactory(question="Où ?", answer="Ici.")

    response = client.get(PAGE, {"q": "ou"}, headers={"HX-Request": "true"})

    assert "Où ?" in words(response)
    assert "<html" not in words(response)


def test_search_that_finds_nothing_says_what_to_do(client):
    FaqEntryFactory()

    assert "Aucune question ne contient ces mots" in words(client.get(PAGE, {"q": "zzz"}))


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "%' OR 1=1 --", "a" * 5000, "\u0000"]
)
def test_hostile_searches_are_only_text(client, hostile):
    FaqEntryFactory()

    response = client.get(PAGE, {"q": hostile})

    assert response.status_code == 200
    assert "<script>alert" not in words(response)


def test_answers_of_staff_cannot_carry_scripts(client):
    FaqEntryFactory(answer="<script>alert(1)</script> [x](javascript:alert(1))")

    page = words(client.get(PAGE))

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_ways_to_write_are_shown_when_there_are_some(client, institution):
    without = words(client.get(PAGE))
    institution.contact_email = "aide@example.org"
    institution.contact_url = "https://example.org/contact"
    institution.save()
    with_some = words(client.get(PAGE))

    assert "mailto:" not in without
    assert "ses coordonnées sont sur la page de la formation" in without
    assert "mailto:aide@example.org" in with_some
    assert "https://example.org/contact" in with_some


@pytest.mark.parametrize(
    ("language", "english", "shown"),
    [
        ("fr", "https://example.org/en", "/fr"),
        ("en", "https://example.org/en", "/en"),
        ("en", "", "/fr"),
    ],
)
def test_documentation_speaks_the_language_of_the_reader(
    client, institution, language, english, shown
):
    institution.documentation_url = "https://example.org/fr"
    institution.documentation_url_en = english
    institution.save()

    response = client.get(PAGE, headers={"Accept-Language": language})

    assert response.context["documentation_url"] == f"https://example.org{shown}"


def test_signed_in_candidates_are_told_what_to_quote(client):
    client.force_login(UserFactory(file_number="K7P2M9QX"))

    assert "K7P2M9QX" in words(client.get(PAGE))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_questions(client, django_assert_num_queries, number):
    FaqEntryFactory.create_batch(number)

    with django_assert_num_queries(2):
        client.get(PAGE)


def test_questions_are_read_in_english_too(client):
    question = LazyI18nString({"fr": "Où ?", "en": "Where?"})
    FaqEntryFactory(question=question)

    response = client.get(PAGE, headers={"Accept-Language": "en"})

    assert "Where?" in words(response)
