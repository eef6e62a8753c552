import re
from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.applications.models import Application
from candide.core.deadlines import long_date
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, TODAY, IntakeFactory, ProgrammeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


YESTERDAY = TODAY - DAY


def address(intake):
    return reverse("candidate:apply", args=[intake.pk])


def application_address(application):
    return reverse("candidate:application", args=[application.pk])


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def blocker_links(response):
    box = response.content.decode().partition('class="candide-blockers')[2].partition("</ul>")[0]
    return re.findall(r'href="([^"]+)"', box)


# -- Confirming the choice ------------------------------------------------------------------------


def test_choice_is_confirmed_on_a_page_that_says_what_it_entails(signed_in, alix):
    """APP-02, S2-28."""
    intake = IntakeFactory(programme=ProgrammeFactory(name="Master Droit"))
    DocumentRequirementFactory.create_batch(2, common=True)
    QuestionFactory(common=True)

    response = signed_in.get(address(intake))

    words = text(response)
    assert "Voulez-vous candidater à la formation « Master Droit » ?" in words
    assert f"un mail de confirmation est envoyé à {alix.user.email}" in words
    assert "Vous déposez 2 pièces justificatives" in words
    assert "Vous répondez à 1 question" in words
    assert "Dossier à retourner avant le 29 avril 2027 à 23 h 59, heure de Paris" in words
    assert not Application.objects.exists()


def test_paper_procedure_is_said_before_applying(signed_in):
    """S2-33."""
    response = signed_in.get(address(IntakeFactory(paper=True)))

    assert "vous l'envoyez par voie postale" in text(response)


def test_confirming_creates_the_application_and_opens_it(signed_in, alix):
    """APP-02, APP-07, S2-28."""
    intake = IntakeFactory()

    response = signed_in.post(address(intake))

    application = Application.objects.get()
    assert (application.candidate, application.intake) == (alix, intake)
    assert response.headers["Location"] == application_address(application)
    assert OutgoingMail.objects.count() == 1
    assert "Votre candidature est enregistrée" in text(signed_in.get(response.headers["Location"]))


def test_sending_twice_leads_to_the_same_application(signed_in):
    intake = IntakeFactory()
    signed_in.post(address(intake))

    second = signed_in.post(address(intake))

    application = Application.objects.get()
    assert second.headers["Location"] == application_address(application)
    assert "Vous avez déjà candidaté à cette formation" in text(
        signed_in.get(second.headers["Location"])
    )


# -- What is in the way ---------------------------------------------------------------------------


def test_everything_in_the_way_is_listed_with_what_mends_it(client):
    """APP-01 (2)…(4)."""
    client.force_login(UserFactory())

    response = client.get(address(IntakeFactory()))

    assert response.status_code == 200
    assert "Vous ne pouvez pas encore candidater" in text(response)
    assert "Voulez-vous candidater" not in text(response)
    assert len(blocker_links(response)) == 3
    assert all(client.get(link, follow=True).status_code == 200 for link in blocker_links(response))


def test_application_already_made_is_offered(signed_in, alix):
    """APP-01 (7)."""
    application = ApplicationFactory(candidate=alix)

    response = signed_in.get(address(application.intake))

    assert "Vous avez déjà candidaté" in text(response)
    assert f'href="{application_address(application)}"' in response.content.decode()


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        pytest.param({"closed": True}, "Vous ne pouvez plus candidater", id="closed"),
        pytest.param({"soon": True}, "Vous ne pouvez pas encore candidater", id="not open"),
        pytest.param({"is_active": False}, "Vous ne pouvez plus candidater", id="out of service"),
    ],
)
def test_refused_confirmation_changes_nothing_and_says_why(signed_in, state, heading):
    """APP-01 (6), (8): what was shown may have changed before it was confirmed."""
    intake = IntakeFactory(**state)

    response = signed_in.post(address(intake))

    assert response.status_code == 409
    assert 'role="alert"' in response.content.decode()
    assert heading in text(response)
    assert "gardée pour vous" not in text(response)
    assert not Application.objects.exists()


def test_programme_to_come_says_from_when(signed_in):
    intake = IntakeFactory(soon=True)

    response = signed_in.get(address(intake))

    assert f"ouvrent le {long_date(intake.opens_on)}" in text(response)


@pytest.mark.parametrize("state", [{"closed": True}, {"campaign__candidates_until": YESTERDAY}])
def test_programme_that_is_over_leads_to_those_open_now(signed_in, state):
    response = signed_in.get(address(IntakeFactory(**state)))

    assert f'href="{reverse("public:catalogue")}?period=open"' in response.content.decode()


def test_unknown_intake_is_not_found(signed_in):
    assert signed_in.get("/espace/candidater/987654/").status_code == 404


def test_staff_may_not_apply(client):
    """APP-11."""
    client.force_login(UserFactory(staff=True))

    assert client.get(address(IntakeFactory())).status_code == 403
    assert client.post(address(IntakeFactory())).status_code == 403


# -- Through signing in, and back -----------------------------------------------------------------


def test_anonymous_visitor_signs_in_and_comes_back(client):
    """OFF-05 [REC]."""
    intake = IntakeFactory()

    response = client.get(address(intake))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert response.headers["Location"].endswith(f"?next={address(intake)}")


def test_post_of_an_ended_session_comes_back_to_the_question(client):
    intake = IntakeFactory()

    response = client.post(address(intake))

    assert response.headers["Location"].endswith(f"?next={address(intake)}")
    assert not Application.objects.exists()


def test_programme_chosen_before_the_account_is_found_again_in_the_space(client):
    """The link of the activation mail knows nothing of the programme; the session does."""
    intake = IntakeFactory(programme=ProgrammeFactory(name="Master Droit"))
    client.get(address(intake))
    client.force_login(UserFactory())

    space = client.get(reverse("candidate:space"))

    assert "Poursuivez votre candidature à cette formation. Master Droit" in text(space)
    assert f'href="{address(intake)}"' in space.content.decode()


def test_programme_chosen_is_forgotten_once_applied_to(signed_in):
    intake = IntakeFactory()
    signed_in.get(address(intake))
    signed_in.post(address(intake))

    assert "Poursuivez votre candidature" not in text(signed_in.get(reverse("candidate:space")))


def test_programme_chosen_is_forgotten_once_closed(signed_in, frozen):
    intake = IntakeFactory()
    signed_in.get(address(intake))
    frozen.shift(timedelta(days=40))
    signed_in.force_login(UserFactory())  # the session itself lasts less long

    session = signed_in.session
    session["wanted_intake"] = intake.pk
    session.save()

    assert "Poursuivez votre candidature" not in text(signed_in.get(reverse("candidate:space")))
