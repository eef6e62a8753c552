"""« Boîte d'envoi » : who finds which mails, how they were tried, sending again."""

from datetime import timedelta
from typing import Any

import pytest

from candide.admissions.candidates.domain.identity import search_text
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from tests.factories.applications import ApplicationFactory
from tests.factories.mails import NOW, OutgoingMailFactory
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

OUTBOX = "/gestion/mails/"
ABOUT = "applications.application"


@pytest.fixture
def mails(application: Any) -> dict[str, OutgoingMail]:
    """About Alix's application, about another, about no application."""
    candidate = application.candidate
    candidate.search_text = search_text(candidate)
    candidate.save()
    other = ApplicationFactory()
    own = {"about_type": ABOUT, "about_id": application.pk}
    return {
        "own": OutgoingMailFactory(
            **own, kind="status-complete", for_user_id=candidate.user_id, subject="Complet"
        ),
        "failed": OutgoingMailFactory(**own, failed=True, queued_at=NOW - timedelta(days=3)),
        "other": OutgoingMailFactory(about_type=ABOUT, about_id=other.pk, failed=True),
        "account": OutgoingMailFactory(secret=True, to="Dana@univ.test"),
    }


def found(client: Any, mails: dict[str, OutgoingMail], **asked: Any) -> set[str]:
    lines = client.get(OUTBOX, asked).context["lines"]
    keys = {mail.pk for mail, _title, _application in lines}
    return {name for name, mail in mails.items() if mail.pk in keys}


def test_outbox_is_narrowed(as_ada, application, mails):
    number = application.candidate.user.file_number

    answers = [
        found(as_ada, mails, **asked)
        for asked in (
            {},
            {"q": number},
            {"q": "dana@univ.test"},
            {"q": "dana"},
            {"kind": "status-complete"},
            {"application": application.pk},
            {"last": "2027-03-12"},
            {"first": "2027-03-13", "status": "failed"},
            {"first": "hier"},
        )
    ]

    assert answers == [
        set(mails),
        {"own"},
        {"account"},
        set(),
        {"own"},
        {"own", "failed"},
        {"failed"},
        {"other"},
        set(mails),
    ]


def test_states_are_counted_within_what_is_found(as_ada, application, mails):
    page = as_ada.get(OUTBOX, {"application": application.pk, "status": "queued"})

    numbers = {value: number for value, _label, number, _url in page.context["statuses"]}
    assert (numbers["queued"], numbers["failed"]) == (1, 1)
    assert f"?application={application.pk}&status=failed" in [
        url for _value, _label, _number, url in page.context["statuses"]
    ]


def test_manager_finds_the_mails_of_the_own_applications(client, as_bao, mails):
    assert found(as_bao, mails) == {"own", "failed"}
    assert found(as_bao, mails, application=mails["other"].about_id) == {"own", "failed"}
    seen = [as_bao.get(f"{OUTBOX}{mail.pk}/").status_code for mail in mails.values()]
    assert seen == [200, 200, 404, 404]


def test_application_leads_to_its_mails(as_bao, application, mails):
    page = as_bao.get(f"/gestion/candidatures/{application.pk}/").content.decode()

    assert f'href="{OUTBOX}{mails["own"].pk}/"' in page
    assert f'href="{OUTBOX}?application={application.pk}"' in page


def test_words_with_a_link_that_signs_in_stay_closed(as_ada, mails):
    page = as_ada.get(f"{OUTBOX}{mails['account'].pk}/")

    assert "Bonjour Alix." not in words(page)


def test_page_tells_how_it_was_tried(as_ada):
    mail = OutgoingMailFactory(
        attempts=2,
        next_attempt_at=NOW,
        tries=[["2027-03-15T08:00:00+00:00", "451 try later"], ["2027-03-15T08:02:00+00:00", "x"]],
    )

    said = words(as_ada.get(f"{OUTBOX}{mail.pk}/"))

    assert "envois 15/03/2027 à 09h02 x 15/03/2027 à 09h00 451 try later" in said
    assert "Prochaine tentative 15/03/2027 à 10h00" in said


def test_all_that_failed_of_what_is_found_is_sent_again_in_ones_reach(as_bao, mails):
    page = as_bao.get(OUTBOX)
    answer = as_bao.post(f"{OUTBOX}renvoyer/", {"status": "failed", "q": ""}, follow=True)

    assert "Renvoyer le mail en échec trouvé" in words(page)
    assert "1 mail est de nouveau à envoyer." in words(answer)
    status = {name: OutgoingMail.objects.get(pk=mail.pk).status for name, mail in mails.items()}
    assert (status["failed"], status["other"]) == (MailStatus.QUEUED, MailStatus.FAILED)
    nothing = as_bao.post(f"{OUTBOX}renvoyer/", follow=True)
    assert "Rien de ce qui a été trouvé ne peut être renvoyé." in words(nothing)


def test_who_only_reads_sends_nothing_again(client, application, mails):
    reader = staff("commission", commission=application.intake.programme.commission)
    client.force_login(reader)

    answers = [
        client.post(address).status_code
        for address in (f"{OUTBOX}renvoyer/", f"{OUTBOX}{mails['failed'].pk}/renvoyer/")
    ]

    assert found(client, mails) == {"own", "failed"}
    assert answers == [403, 404]
    assert "Renvoyer" not in words(client.get(OUTBOX))
