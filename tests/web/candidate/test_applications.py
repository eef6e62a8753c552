import re

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory, ProgrammeFactory
from tests.factories.decisions import DecisionFactory
from tests.web.conftest import links

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

LIST = "/espace/candidatures/"


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def application(alix, name, **state):
    intake = IntakeFactory(programme=ProgrammeFactory(name=name))
    return ApplicationFactory(candidate=alix, intake=intake, **state)


def test_list_shows_deadline_status_and_decision_and_opens(signed_in, alix):
    """VIEW-01, S2-35, S2-38."""
    made = application(alix, "Master Droit", incomplete=True)

    response = signed_in.get(LIST)

    words = text(response)
    assert "Formation Date limite de retour du dossier Statut du dossier Décision" in words
    assert "Master Droit" in words
    assert f"{made.intake.programme.commission.centre} – Campagne 2027" in words
    assert "29 avril 2027 (dans 45 jours) Incomplet" in words
    address = reverse("candidate:application", args=[made.pk])
    assert (address, "Ouvrir – Master Droit") in links(response)
    assert "data-open" in response.content.decode()


def test_those_of_a_past_campaign_stand_apart_and_are_only_read(signed_in, alix, now):
    """Architecture, 0: reading is always open."""
    application(alix, "Master Chimie", offered=True, archived_at=now)
    waiting = application(alix, "Master Droit", archived_at=now)

    listed = signed_in.get(LIST)
    page = signed_in.get(reverse("candidate:application", args=[waiting.pk]))
    posted = signed_in.post(reverse("candidate:transmit", args=[waiting.pk]))

    assert listed.context["rows"] == []
    assert "2 candidatures de campagnes passées" in text(listed)
    assert "nothing of it changes" not in text(page)
    assert "rien n’y change plus" in text(page)
    assert not page.context["page"].waits_for_dossier
    assert posted.status_code == 409
    assert signed_in.get("/espace/").context["cards"] == []


def test_individual_deadline_counts(signed_in, alix):
    """VIEW-06."""
    application(alix, "Master Droit", documents_extended_to="2027-05-12")

    assert "12 mai 2027" in text(signed_in.get(LIST))


def test_decision_is_in_the_words_of_the_institution_with_rank_and_answer(signed_in, alix):
    """VIEW-05."""
    ranked = application(
        alix,
        "Master Droit",
        complete=True,
        released_outcome=Outcome.RESERVE_LIST,
        has_any_decision=True,
        rank_shown=4,
    )
    DecisionFactory(
        application=ranked,
        type__label="Sur liste",
        type__outcome=Outcome.RESERVE_LIST,
        released=True,
    )
    admitted = application(alix, "Master Chimie", accepted=True)
    DecisionFactory(application=admitted, type__label="Admis", released=True)

    words = text(signed_in.get(LIST))

    assert "Sur liste Rang 4" in words
    assert "Admis Confirm" in words


def test_draft_of_a_decision_is_not_shown(signed_in, alix):
    """VIEW-05: what is not released does not exist for the candidate."""
    awaiting = application(alix, "Master Droit", complete=True, has_draft_decision=True)
    DecisionFactory(application=awaiting, type__label="Décision secrète")

    response = signed_in.get(LIST)

    assert "Décision secrète" not in text(response)
    assert [decision for _application, decision in response.context["rows"]] == [None]


def test_cancelled_applications_are_listed_apart(signed_in, alix):
    application(alix, "Master Droit")
    application(alix, "Licence Chimie", cancelled=True)

    response = signed_in.get(LIST)

    words = text(response)
    assert len(response.context["rows"]) == 1
    assert "1 candidature annulée Licence Chimie – annulée le 12 mars 2027" in words


def test_empty_list_leads_to_the_offer(signed_in):
    response = signed_in.get(LIST)

    assert "Vous n'avez encore candidaté à aucune formation" in text(response)
    assert f'href="{reverse("public:catalogue")}"' in response.content.decode()


def test_applications_of_others_are_not_listed(signed_in):
    ApplicationFactory()

    assert signed_in.get(LIST).context["rows"] == []


@pytest.mark.parametrize("address", [LIST, "/espace/"])
def test_only_candidates_come_in(client, address):
    anonymous = client.get(address)
    client.force_login(UserFactory(staff=True))
    staff = client.get(address)

    assert (anonymous.status_code, staff.status_code) == (302, 403)


@pytest.mark.parametrize("size", [1, 3])
def test_list_takes_a_constant_number_of_queries(signed_in, alix, size, django_assert_num_queries):
    for made in ApplicationFactory.create_batch(size, candidate=alix, offered=True):
        DecisionFactory(application=made, released=True)
    signed_in.get(LIST)  # notes the visit in the session

    with django_assert_num_queries(6):
        signed_in.get(LIST)
