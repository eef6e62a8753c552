import re

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, TODAY, CampaignFactory, IntakeFactory, ProgrammeFactory
from tests.factories.requirements import (
    DocumentRequirementFactory,
    ExternalFormFactory,
    QuestionFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SPACE = "/espace/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def application(alix, name, **state):
    intake = IntakeFactory(programme=ProgrammeFactory(name=name))
    return ApplicationFactory(candidate=alix, intake=intake, **state)


def cards(response):
    return [str(card.application.intake.programme) for card in response.context["cards"]]


def test_new_account_is_led_through_the_file_to_the_offer(client):
    """S2-12, S2-13, S2-24."""
    client.force_login(UserFactory(file_number="EC45ALIX"))

    response = client.get(SPACE)

    words = text(response)
    assert "EC45ALIX" in words
    assert "Les rubriques obligatoires doivent être remplies" in words
    assert words.count("Obligatoire, à compléter") == 3
    assert [task.code for task in response.context["tasks"]] == [
        "identity_missing",
        "address_missing",
        "baccalaureate_missing",
        "choose",
    ]
    assert "Vous n'avez encore candidaté à aucune formation" in words


def test_tasks_lead_to_the_place_with_their_deadline(signed_in, alix):
    made = application(alix, "Master Droit")
    document = DocumentRequirementFactory(common=True)

    response = signed_in.get(SPACE)

    place = f"{reverse('candidate:application', args=[made.pk])}#document-{document.pk}"
    assert f'href="{place}"' in response.content.decode()
    assert (
        "Déposez une pièce justificative. Master Droit avant le 29 avril 2027 à 23 h 59, "
        "heure de Paris (dans 45 jours)"
    ) in text(response)


def test_one_programme_in_two_campaigns_at_once_is_told_apart(signed_in, alix):
    programme = ProgrammeFactory(name="Master Droit")
    for code in ("2027", "beside"):
        intake = IntakeFactory(programme=programme, campaign=CampaignFactory(code=code))
        ApplicationFactory(candidate=alix, intake=intake)
    application(alix, "Master Chimie")
    DocumentRequirementFactory(common=True)

    tasks = signed_in.get(SPACE).context["tasks"]

    assert sorted({task.programme for task in tasks}) == [
        "Master Chimie",
        "Master Droit – Campagne 2027",
        "Master Droit – Campagne beside",
    ]


def test_card_draws_the_track_and_one_main_button(signed_in, alix):
    application(alix, "Master Droit")

    words = text(signed_in.get(SPACE))

    assert (
        "Déposée Fait, 10 mars 2027 Transmise et réceptionnée En cours Complète À venir Décision "
        "À venir Réponse À venir"
    ) in words
    assert "Transmettre ma candidature – Master Droit" in words


@pytest.mark.parametrize(
    ("state", "button"),
    [
        ({}, "Transmettre ma candidature"),
        ({"offered": True}, "Répondre"),
        ({"transmitted": True}, "Ouvrir"),
    ],
)
def test_main_button_is_what_is_to_be_done(signed_in, alix, state, button):
    application(alix, "Master Droit", **state)

    assert f"{button} – Master Droit" in text(signed_in.get(SPACE))


def test_missing_pieces_and_paper_have_their_own_button(signed_in, alix):
    DocumentRequirementFactory(common=True)
    application(alix, "Master Droit")
    ApplicationFactory(
        candidate=alix,
        intake=IntakeFactory(paper=True, programme=ProgrammeFactory(name="Master Chimie")),
    )

    words = text(signed_in.get(SPACE))

    assert "Compléter ma candidature – Master Droit" in words
    assert "Imprimer mon dossier – Master Chimie" in words


def test_most_urgent_applications_come_first_then_the_newest(signed_in, alix):
    application(alix, "Done", transmitted=True)
    application(alix, "Dossier")
    application(alix, "Answer", offered=True, acceptance_due_on=TODAY + DAY)

    assert cards(signed_in.get(SPACE)) == ["Answer", "Dossier", "Done"]


def test_cancelled_applications_have_no_card(signed_in, alix):
    application(alix, "Master Droit", cancelled=True)

    assert cards(signed_in.get(SPACE)) == []


def test_open_form_is_to_be_filled_in(signed_in, alix):
    application(alix, "Master Droit", transmitted=True)
    ExternalFormFactory(is_common=True)

    space = signed_in.get(SPACE)

    assert "Remplissez un formulaire." in text(space)
    assert "Rien pour le moment" not in text(space)


def test_nothing_to_do_is_said(signed_in, alix):
    application(alix, "Master Droit", transmitted=True)

    assert "Rien pour le moment" in text(signed_in.get(SPACE))


def test_applications_of_others_are_not_shown(signed_in):
    application(CandidateFactory(), "Master Droit")

    assert "Master Droit" not in text(signed_in.get(SPACE))


@pytest.mark.parametrize("size", [1, 3])
def test_space_takes_a_constant_number_of_queries(signed_in, alix, size, django_assert_num_queries):
    DocumentRequirementFactory(common=True)
    QuestionFactory(common=True)
    ExternalFormFactory(is_common=True)
    for number in range(size):
        application(alix, f"Master {number}")
    signed_in.get(SPACE)  # notes the visit in the session

    with django_assert_num_queries(15):
        signed_in.get(SPACE)
