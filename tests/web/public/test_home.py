"""The home page, the privacy page [HOME]."""

from datetime import date

import pytest

from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import CampaignFactory
from tests.factories.pages import NoticeFactory
from tests.web.conftest import links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture(autouse=True)
def institution():
    return Institution.objects.create(pk=1, name="Université de Valmont")


@pytest.fixture
def campaign():
    return CampaignFactory()


def words(response):
    return response.content.decode().replace("&#x27;", "'")


def test_two_doors_stand_side_by_side(client, campaign, settings):
    """HOME-03, in the words of the guides."""
    settings.OIDC_ISSUER = "http://127.0.0.1:9"

    response = client.get("/")

    page = words(response)
    for text in [
        "Je suis étudiant à l'Université de Valmont",
        "même si vous êtes déjà étudiant",
        "Je ne suis pas étudiant à l'Université de Valmont",
    ]:
        assert text in page
    assert {
        ("/compte/universite/par/institution/", "Connexion en passant par l'université"),
        ("/compte/creer/", "Créer un compte"),
        ("/compte/identifiants-oublies/", "J'ai oublié mes identifiants"),
        ("/compte/activation/", "Je n'ai pas reçu le lien d'activation"),
        ("/offre/", "Offre de formation"),
        ("/assistance/", "Assistance"),
    } <= set(links(response))
    assert 'action="/compte/connexion/"' in page


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Université de Valmont", "à l'Université"),
        ("INSA Nord", "à l'INSA"),
        ("Valmont", "à Valmont"),
        ("École", "à l'École"),
    ],
)
def test_institution_is_named_as_the_language_wants(client, institution, name, place):
    institution.name = name
    institution.save()

    assert f"Candidater {place}" in words(client.get("/"))


def test_english_names_it_in_english(client):
    page = words(client.get("/", headers={"Accept-Language": "en"}))

    assert "Apply at Université de Valmont" in page


def test_one_signs_in_from_the_home_page(client, campaign):
    UserFactory(email="alix@example.org")
    page = words(client.get("/"))

    response = client.post(
        "/compte/connexion/", {"login": "alix@example.org", "password": PASSWORD}
    )

    assert 'action="/compte/connexion/"' in page
    assert response.url == "/entrer/"


def test_campaigns_open_now_are_shown_with_their_last_day(client):
    CampaignFactory(code="a", label="Masters", candidates_until=date(2027, 4, 1))
    CampaignFactory(code="b", label="Licences", starts_on=date(2027, 2, 1))
    CampaignFactory(code="c", label="Passée", ends_on=date(2027, 3, 14))
    CampaignFactory(code="d", label="Future", starts_on=date(2027, 3, 16))

    page = words(client.get("/"))

    assert "Du 4 janvier 2027 au 1er avril 2027" in page
    assert "Du 1er février 2027 au 30 septembre 2027" in page
    assert "Passée" not in page
    assert "Future" not in page


def test_without_campaign_one_can_sign_in_but_create_nothing(client):
    """CAMP-03."""
    page = words(client.get("/"))

    assert "Aucune campagne de candidature n'est ouverte" in page
    assert "Créer un compte" not in page
    assert 'action="/compte/connexion/"' in page


def test_people_from_outside_are_kept_out_where_the_institution_says_so(
    client, campaign, institution
):
    institution.has_local_accounts = False
    institution.save()

    page = words(client.get("/"))

    assert "Je ne suis pas étudiant" not in page
    assert "Créer un compte" not in page


def test_message_of_the_institution_is_shown_clean(client):
    NoticeFactory(text="Fermé **dimanche** <script>alert(1)</script>")

    page = words(client.get("/"))

    assert "Fermé <strong>dimanche</strong>" in page
    assert "<script>alert" not in page


def test_signed_in_people_are_welcomed(client, campaign):
    """HOME-05."""
    client.force_login(UserFactory(first_name="Alix", last_name="MARTIN", file_number="K7P2M9QX"))

    page = words(client.get("/"))

    assert "Bienvenue, Alix MARTIN" in page
    assert "K7P2M9QX" in page
    assert "/entrer/" in page
    assert "Je ne suis pas étudiant" not in page


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_campaigns(client, django_assert_num_queries, number):
    for code in range(number):
        CampaignFactory(code=str(code))

    with django_assert_num_queries(3):
        client.get("/")


def test_privacy_page_says_ours_until_the_institution_wrote_its_own(client, institution):
    ours = words(client.get("/donnees-personnelles/"))
    institution.privacy_text = "# Notre notice\n\nTexte."
    institution.save()
    theirs = words(client.get("/donnees-personnelles/"))

    assert "Vos droits" in ours
    assert "détruit" not in ours  # no job destroys applications yet
    assert "<h2>Notre notice</h2>" in theirs
    assert "Vos droits" not in theirs


def test_notice_read_at_creation_is_noted(client, campaign, institution):
    """HOME-06."""
    institution.privacy_text = "Notice 1"
    institution.save()
    values = {
        "last_name": "Martin",
        "first_name": "Alix",
        "email": "alix@example.org",
        "email_again": "alix@example.org",
        "password": PASSWORD,
        "password_again": PASSWORD,
    }
    client.post("/compte/creer/", values)
    institution.privacy_text = "Notice 2"
    institution.save()
    values |= {"email": "bea@example.org", "email_again": "bea@example.org"}
    client.post("/compte/creer/", values)

    versions = set(User.objects.values_list("notice_version", flat=True))
    assert len(versions) == 2
    assert "" not in versions
