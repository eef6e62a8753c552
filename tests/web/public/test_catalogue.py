import re

import pytest
from django.urls import reverse
from i18nfield.strings import LazyI18nString

from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import (
    DAY,
    TODAY,
    ApplicationCentreFactory,
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
)
from tests.factories.reference import DiplomaTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.web.conftest import links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CATALOGUE = "/offre/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


def text(response):
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# -- The list -------------------------------------------------------------------------------------


def test_everybody_sees_the_offer_with_dates_and_procedure(client):
    """OFF-02, S2-25, S2-27, S2-29, S2-59."""
    law = ProgrammeFactory(name="Droit", slug="droit", url="https://droit.example/")
    IntakeFactory(programme=law)
    IntakeFactory(programme=ProgrammeFactory(name="Chimie"), paper=True, capacity=25)

    response = client.get(CATALOGUE)

    words = text(response)
    assert "Droit Ouverte maintenant" in words
    assert "Du 1er mars 2027 au 14 avril 2027" in words
    assert "Dossier dématérialisé" in words
    assert "Dossier papier" in words
    assert "25 places" in words
    assert {
        ("/offre/droit/", "Droit"),
        ("https://droit.example/", "Page internet de la formation Droit"),
    } <= set(links(response))


def test_offer_is_read_by_faculty_and_by_type_and_narrowed_by_them(client):
    """OFF-01, S2-26."""
    law, science = (
        CommissionFactory(centre=ApplicationCentreFactory(code=code, name=name))
        for code, name in (("droit", "UFR Droit"), ("sciences", "UFR Sciences"))
    )
    for commission, diploma in ((law, "Licence"), (law, "Master"), (science, "Master")):
        kind = DiplomaTypeFactory(code=diploma, name=diploma)
        IntakeFactory(programme=ProgrammeFactory(commission=commission, diploma_type=kind))

    html = client.get(CATALOGUE).content.decode()

    assert re.findall(r"<(h[23]) class=[^>]*>([^<]*)</", html) == [
        ("h2", "Filtres"),
        ("h2", "UFR Droit"),
        ("h3", "Licence"),
        ("h3", "Master"),
        ("h2", "UFR Sciences"),
        ("h3", "Master"),
    ]
    assert re.findall("<legend>(.*?)</legend>", html)[:2] == ["Composante", "Type de diplôme"]
    boxes = re.findall(r'type="checkbox"\s+name="(centre|type)"\s+value="([^"]*)"', html)
    assert boxes == [
        ("centre", "droit"),
        ("centre", "sciences"),
        ("type", "Licence"),
        ("type", "Master"),
    ]


def test_capacity_is_shown_only_if_published(client):
    IntakeFactory(capacity=25, is_capacity_published=False)

    assert "25 places" not in text(client.get(CATALOGUE))


def test_words_and_facets_come_from_the_address(client):
    IntakeFactory(programme=ProgrammeFactory(name="Droit public"))
    IntakeFactory(programme=ProgrammeFactory(name="Droit privé"), closed=True)
    IntakeFactory(programme=ProgrammeFactory(name="Chimie"))

    words = text(client.get(CATALOGUE, {"q": "droit", "period": ["open", "soon"]}))

    assert "Droit public" in words
    assert "Droit privé" not in words
    assert "Chimie" not in words
    assert "Retirer les filtres" in words


def test_typing_error_is_said(client):
    IntakeFactory(programme=ProgrammeFactory(name="Psychologie"))

    words = text(client.get(CATALOGUE, {"q": "psycologie"}))

    assert "Celles-ci contiennent « psychologie »" in words


@pytest.mark.parametrize(
    ("is_offered", "data", "expected"),
    [
        pytest.param(
            False, {}, ["Aucune formation disponible pour cette campagne"], id="empty offer"
        ),
        pytest.param(
            True,
            {"q": "xyz"},
            [
                "Aucune formation ne répond à cette recherche",
                "Toutes les formations ne sont pas ouvertes ici, ni en même temps",
            ],
            id="nothing",
        ),
    ],
)
def test_empty_list_says_why(client, is_offered, data, expected):
    """OFF-04, S2-58."""
    if is_offered:
        IntakeFactory()

    words = text(client.get(CATALOGUE, data))

    for reason in expected:
        assert reason in words


def test_filters_that_leave_nothing_can_be_removed(client):
    IntakeFactory(programme=ProgrammeFactory(name="Droit"), closed=True)

    response = client.get(CATALOGUE, {"q": "droit", "period": "open"})

    assert "Retirer les filtres : 1 formation" in text(response)
    assert 'href="/offre/?q=droit"' in response.content.decode()


@pytest.mark.parametrize("number", ["2", "99", "0", "-1", "deux", "99999999999"])
def test_any_page_number_is_answered(client, number):
    IntakeFactory()

    assert client.get(CATALOGUE, {"page": number}).status_code == 200


def test_pages_keep_the_search(client):
    for number in range(26):
        IntakeFactory(programme=ProgrammeFactory(name=f"Droit {number:02}"))

    html = client.get(CATALOGUE, {"q": "droit", "period": "open"}).content.decode()

    assert "Page 1 sur 2" in html
    assert 'href="/offre/?q=droit&amp;period=open&amp;page=2"' in html


def test_htmx_gets_the_results_and_new_counts_alone(client):
    IntakeFactory(programme=ProgrammeFactory(name="Droit"))

    html = client.get(CATALOGUE, {"q": "droit"}, headers=HTMX).content.decode()

    assert "<html" not in html
    assert '<div id="found">' in html
    assert 'hx-swap-oob="innerHTML:#found-count"' in html
    assert re.findall(r'id="(facet-\w+)" hx-swap-oob="true"', html) == [
        "facet-centre",
        "facet-type",
        "facet-period",
        "facet-procedure",
    ]


def test_htmx_restoring_history_gets_the_whole_page(client):
    headers = {**HTMX, "HX-History-Restore-Request": "true"}

    assert "<html" in client.get(CATALOGUE, headers=headers).content.decode()


# -- Not modified ---------------------------------------------------------------------------------


def test_unchanged_page_is_not_sent_again(client):
    intake = IntakeFactory()
    client.get(CATALOGUE)  # brings the cookie the tag depends on
    tag = client.get(CATALOGUE).headers["ETag"]

    unchanged = client.get(CATALOGUE, headers={"If-None-Match": tag})
    intake.closes_on = intake.closes_on + DAY
    intake.save()
    changed = client.get(CATALOGUE, headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    assert "private" in changed.headers["Cache-Control"]
    assert {"HX-Request", "Cookie"} <= set(re.split(r",\s*", changed.headers["Vary"]))


def test_page_of_somebody_else_is_another_one(client):
    IntakeFactory()
    client.get(CATALOGUE)
    tag = client.get(CATALOGUE).headers["ETag"]

    client.force_login(UserFactory())
    response = client.get(CATALOGUE, headers={"If-None-Match": tag})

    assert response.status_code == 200


def test_tag_is_different_for_another_secret_against_forged_requests(client, settings):
    """A page kept with a token that no longer fits would make its forms fail."""
    IntakeFactory()
    client.get(CATALOGUE)
    tag = client.get(CATALOGUE).headers["ETag"]

    client.cookies.pop(settings.CSRF_COOKIE_NAME)
    client.get(CATALOGUE)
    response = client.get(CATALOGUE, headers={"If-None-Match": tag})

    assert response.status_code == 200


# -- The page of a programme ----------------------------------------------------------------------


def address(intake):
    return reverse("public:programme", args=[intake.programme.slug])


def test_programme_has_a_permanent_address_with_all_one_must_know(client):
    """OFF-02, S2-27, S2-59, VIEW-07."""
    commission = CommissionFactory(
        name="Scolarité de droit",
        email="droit@example.org",
        phone="02 38 00 00 00",
        fax="02 38 00 00 01",
        url="https://commission.example/",
        return_comment="Joindre une **enveloppe**.",
    )
    programme = ProgrammeFactory(
        slug="master-droit",
        name="Master Droit",
        commission=commission,
        diploma_type=DiplomaTypeFactory(name="Master"),
        url="https://ufr.example/droit",
    )
    IntakeFactory(
        programme=programme,
        capacity=40,
        information="# Entretien\nÀ **distance**.\n\n<script>alert(1)</script>",
        jury_on=TODAY + 60 * DAY,
        acceptance_days=10,
    )
    DocumentRequirementFactory(label="Curriculum vitæ", common=True)
    DocumentRequirementFactory(label="Attestation", programmes=[programme], conditional=True)
    DocumentRequirementFactory(label="Autre formation", programmes=[ProgrammeFactory()])
    QuestionFactory(label="Langue choisie ?", common=True)

    response = client.get("/offre/master-droit/")

    words, html = text(response), response.content.decode()
    for expected in (
        "Master Droit",
        "Ouverte maintenant",
        "40 places",
        "Candidatez avant le 14 avril 2027 à 23 h 59, heure de Paris",
        "29 avril 2027 à 23 h 59 Jury 14 mai 2027",
        "10 jours après la décision",
        "Scolarité de droit",
        "1 rue des Épreuves 45000 Orléans",
        "02 38 00 00 00",
        "Télécopie : 02 38 00 00 01",
        "Curriculum vitæ",
        "Attestation (seulement si vous êtes concerné)",
        "Langue choisie ?",
    ):
        assert expected in words
    assert "Autre formation" not in words
    assert "<h3>Entretien</h3>" in html
    assert "<script>alert" not in html
    assert "<strong>enveloppe</strong>" in html
    assert 'href="mailto:droit@example.org"' in html
    assert 'href="https://ufr.example/droit"' in html
    assert 'href="https://commission.example/"' in html


@pytest.mark.parametrize(("language", "read"), [("fr", "À distance."), ("en", "Online.")])
def test_information_is_read_in_the_language_of_the_reader(client, language, read):
    information = LazyI18nString({"fr": "À distance.", "en": "Online."})
    intake = IntakeFactory(open=True, information=information)

    response = client.get(f"/offre/{intake.programme.slug}/", headers={"Accept-Language": language})

    assert [words in text(response) for words in ("À distance.", "Online.")] == [
        read == "À distance.",
        read == "Online.",
    ]


def test_open_programme_leads_to_applying_and_says_one_must_sign_in(client):
    """OFF-05 [REC]."""
    intake = IntakeFactory()

    response = client.get(address(intake))

    assert f'href="/espace/candidater/{intake.pk}/"' in response.content.decode()
    assert "puis vous reviendrez à cette formation" in text(response)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"soon": True}, "Les candidatures ouvrent le 22 mars 2027"),
        ({"closed": True}, "Les candidatures à cette formation sont closes"),
    ],
)
def test_programme_that_is_not_open_says_when_instead(client, state, expected):
    intake = IntakeFactory(**state)

    response = client.get(address(intake))

    assert expected in text(response)
    assert "/espace/candidater/" not in response.content.decode()


def test_programme_one_applied_to_leads_to_the_application(client):
    application = ApplicationFactory()
    client.force_login(application.candidate.user)

    response = client.get(address(application.intake))

    html = response.content.decode()
    assert f'href="/espace/candidatures/{application.pk}/"' in html
    assert "/espace/candidater/" not in html


def test_programme_somebody_else_applied_to_says_nothing_of_it(client):
    application = ApplicationFactory()
    client.force_login(CandidateFactory().user)

    html = client.get(address(application.intake)).content.decode()

    assert "/espace/candidatures/" not in html.partition("<main")[2]
    assert f'href="/espace/candidater/{application.intake.pk}/"' in html


def test_staff_are_told_that_candidates_apply(client):
    intake = IntakeFactory()
    client.force_login(UserFactory(staff=True))

    response = client.get(address(intake))

    assert "les candidats candidatent avec leur propre compte" in text(response)


def test_programme_of_two_campaigns_shows_both(client):
    programme = ProgrammeFactory()
    now_open = IntakeFactory(programme=programme, campaign=CampaignFactory(label="Session 1"))
    later = IntakeFactory(
        programme=programme, campaign=CampaignFactory(code="b", label="Session 2"), soon=True
    )
    past = IntakeFactory(
        programme=programme, campaign=CampaignFactory(code="c", label="Session 0"), closed=True
    )

    response = client.get(address(now_open))

    words = text(response)
    assert [
        now_open.pk == response.context["intake"].pk,
        [each.pk for each in response.context["others"]],
    ] == [True, [later.pk, past.pk]]
    assert "Autres campagnes Session 2 Bientôt ouverte" in words


def test_unknown_programme_is_not_found(client):
    assert client.get("/offre/inconnue/").status_code == 404


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param({"is_active": False}, "n'est plus proposée ici", id="out of service"),
        pytest.param({}, "Aucune campagne n'est encore annoncée", id="no intake"),
    ],
)
def test_programme_not_on_offer_explains_itself_and_offers_what_is_near(client, state, expected):
    """The address is permanent: a link from elsewhere is never a dead end."""
    ProgrammeFactory(slug="droit", name="Droit public", url="https://droit.example/", **state)
    IntakeFactory(programme=ProgrammeFactory(name="Droit privé"))
    IntakeFactory(programme=ProgrammeFactory(name="Chimie"))

    response = client.get("/offre/droit/")

    words = text(response)
    assert response.status_code == 404
    assert expected in words
    assert "Droit privé" in words
    assert "Chimie" not in words
    assert "https://droit.example/" in response.content.decode()


# -- Queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 3])
def test_catalogue_takes_a_constant_number_of_queries(client, size, django_assert_num_queries):
    for number in range(size):
        IntakeFactory(
            programme=ProgrammeFactory(
                name=f"Droit {number}", diploma_type=DiplomaTypeFactory(code=f"D{number}")
            )
        )

    with django_assert_num_queries(7):
        client.get(CATALOGUE, {"q": "droit"})


@pytest.mark.parametrize("size", [1, 3])
def test_programme_takes_a_constant_number_of_queries(client, size, django_assert_num_queries):
    programme = ProgrammeFactory()
    for number in range(size):
        IntakeFactory(programme=programme, campaign=CampaignFactory(code=f"C{number}"))
        DocumentRequirementFactory(common=True)
        QuestionFactory(common=True)

    with django_assert_num_queries(8):
        client.get(f"/offre/{programme.slug}/")
