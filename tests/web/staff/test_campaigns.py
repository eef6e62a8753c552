"""The pages of campaigns [B-024 to B-028]."""

from datetime import date

import pytest

from candide.core.clock import start_of
from candide.foundation.history.models import HistoryEntry
from candide.foundation.jobs.enums import JobEvent
from candide.foundation.jobs.models import JobSchedule
from candide.institution.access.enums import Capability
from candide.institution.catalogue.models import Campaign, Institution
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

CAMPAIGNS = "/gestion/parametrage/campagnes/"
TYPED = {
    "label_0": "Campagne 2027-2028",
    "label_1": "",
    "code": "2028",
    "starts_on": "2027-10-04",
    "ends_on": "2028-09-29",
    "candidates_until": "2028-09-15",
}


@pytest.fixture(autouse=True)
def institution():
    return Institution.current()


@pytest.fixture
def ada(client):
    user = member(Capability.MANAGE_INSTITUTION)
    client.force_login(user)
    return user


def post(client, address, **typed):
    """Save, confirming the warnings that are shown."""
    page = client.post(address, typed)
    if page.status_code == 409 and page.context["warnings_mark"]:
        page = client.post(address, {**typed, "confirmed": page.context["warnings_mark"]})
    return page


def test_first_campaign_is_made_in_service(client, ada):
    form = client.get(f"{CAMPAIGNS}nouveau/").context["form"]
    page = post(client, f"{CAMPAIGNS}nouveau/", **TYPED)

    campaign = Campaign.objects.get()
    assert list(form.fields) == [
        "label",
        "code",
        "starts_on",
        "ends_on",
        "candidates_until",
        "seen",
    ]
    assert page.status_code == 302
    assert (campaign.code, campaign.is_active) == ("2028", True)
    assert campaign.candidates_until == date(2028, 9, 15)


def test_next_campaign_is_planned_in_place_of_the_one_in_service(client, ada):
    current = CampaignFactory()

    page = post(
        client,
        f"{CAMPAIGNS}nouveau/",
        **TYPED,
        replaces=current.pk,
        switch_at="2027-10-04T00:00",
    )

    following = Campaign.objects.get(code="2028")
    assert page.status_code == 302
    assert (following.replaces, following.is_planned) == (current, True)
    assert following.switch_at == start_of(date(2027, 10, 4))
    listed = words(client.get(CAMPAIGNS))
    assert "04/10/2027 à 0h00" in listed or "04/10/2027 à 00h00" in listed


def test_what_is_wrong_is_said_beside_its_field(client, ada):
    current = CampaignFactory()

    page = post(client, f"{CAMPAIGNS}nouveau/", **TYPED, replaces=current.pk)

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"switch_at"}
    assert not Campaign.objects.filter(code="2028").exists()


def test_campaign_is_changed_with_its_history_and_stale_pages_are_refused(client, ada):
    campaign = CampaignFactory()
    address = f"{CAMPAIGNS}{campaign.pk}/"
    seen = client.get(address).context["form"].initial["seen"]
    typed = {**TYPED, "code": "2027", "starts_on": "2027-01-04", "ends_on": "2027-09-30"}
    typed["candidates_until"] = "2027-09-01"

    first = post(client, address, **typed, seen=seen)
    second = post(client, address, **typed, seen=seen)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Campaign.objects.get().candidates_until == date(2027, 9, 1)
    entry = HistoryEntry.objects.get(subject_type="catalogue.campaign")
    assert entry.by_id == ada.pk
    assert entry.data["changes"]["candidates_until"] == [None, "2027-09-01"]


def test_archived_campaign_keeps_its_dates_and_openings(client, ada, now):
    intake = IntakeFactory(campaign=CampaignFactory(archived_at=now, is_active=False))
    address = f"{CAMPAIGNS}{intake.campaign_id}/"
    page = client.get(address)
    typed = {**TYPED, "seen": page.context["form"].initial["seen"]}

    saved = post(client, address, **typed)

    campaign = Campaign.objects.get()
    assert saved.status_code == 302
    assert (str(campaign), campaign.code, campaign.ends_on) == (
        "Campagne 2027-2028",
        "2027",
        date(2027, 9, 30),
    )


def test_campaign_in_use_says_why_it_stays(client, ada, now):
    current = CampaignFactory()
    following = CampaignFactory(code="x", switch_at=now + DAY, is_active=False)

    refused = client.post(f"{CAMPAIGNS}{current.pk}/supprimer/")
    deleted = client.post(f"{CAMPAIGNS}{following.pk}/supprimer/")

    assert (refused.status_code, deleted.status_code) == (409, 302)
    assert "Elle a été en service : elle reste" in words(refused)
    assert list(Campaign.objects.all()) == [current]


def test_switch_is_shown_in_numbers_and_asked_for(client, ada, now):
    current = CampaignFactory()
    ApplicationFactory(offered=True)
    following = CampaignFactory(code="2028", switch_at=now + DAY, is_active=False, replaces=current)
    address = f"{CAMPAIGNS}{following.pk}/bascule/"

    page = client.get(address)
    done = client.post(address)
    again = client.post(f"{CAMPAIGNS}{current.pk}/bascule/")

    links = {line.code: link for line, link in page.context["lines"]}
    assert links["unanswered"] == (
        f"/gestion/candidatures/?campaign={current.pk}&decision=favourable&answer=none"
    )
    assert links["opened"] == ""
    assert done.status_code == 302
    assert Campaign.objects.get(pk=following.pk).switch_at == now
    assert (again.status_code, len(again.context["blockers"])) == (409, 1)


def test_reader_looks_and_changes_nothing(client, now):
    current = CampaignFactory()
    client.force_login(member(Capability.MANAGE_INSTITUTION, can_write=False))

    assert client.get(f"{CAMPAIGNS}{current.pk}/").status_code == 200
    assert client.post(f"{CAMPAIGNS}{current.pk}/", TYPED).status_code == 403
    assert client.post(f"{CAMPAIGNS}{current.pk}/bascule/").status_code == 403
    assert "Nouvelle campagne" not in words_inside(client.get(CAMPAIGNS))


def test_retention_says_what_is_destroyed_when_and_is_agreed_to_once(client, ada, now):
    CampaignFactory(over=True, is_active=False, archived_at=now - 100 * DAY)
    page = client.get("/gestion/parametrage/conservation/")

    client.post("/gestion/parametrage/conservation/accord/")
    client.post("/gestion/parametrage/conservation/accord/")

    schedule = JobSchedule.objects.get(code="destroy-campaigns")
    after = client.get("/gestion/parametrage/conservation/")
    assert [(line.moment, line.left) for line in page.context["lines"]] == [(now + 265 * DAY, 0)]
    assert (page.context["may_agree"], after.context["may_agree"]) == (True, False)
    assert (schedule.agreed_at, schedule.agreed_by_id) == (now, ada.pk)
    assert HistoryEntry.objects.filter(event=JobEvent.AGREED).count() == 1
    client.force_login(member(Capability.MANAGE_INSTITUTION, can_write=False))
    assert client.post("/gestion/parametrage/conservation/accord/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_constant_queries(client, ada, count, django_assert_num_queries):
    for number in range(count):
        campaign = CampaignFactory(code=str(number))
        ApplicationFactory(intake__campaign=campaign)
    client.get(CAMPAIGNS)

    with django_assert_num_queries(5):
        client.get(CAMPAIGNS)


# -- The code, chosen in the student system ------------------------------------------------------
PERIODS = f"{CAMPAIGNS}periodes/"


def test_period_of_the_student_system_begins_a_new_campaign(client, ada):
    """A-049."""
    taken = CampaignFactory(code="2026")
    page = client.get(PERIODS)
    lines = {period.code: (other, url) for period, other, url in page.context["lines"]}

    form = client.get(lines["2029"][1]).context["form"]

    assert lines["2026"][0] == taken
    assert form["code"].value() == "2029"
    assert str(form["label"].value()) == "Année universitaire 2029-2030"
    assert Campaign.objects.count() == 1
    assert PERIODS in client.get(f"{CAMPAIGNS}nouveau/").content.decode()


def test_period_becomes_the_code_of_the_campaign_one_came_from_once_saved(client, ada):
    campaign = CampaignFactory(code="old")
    page = client.get(f"{PERIODS}?campagne={campaign.pk}")
    url = next(url for period, _other, url in page.context["lines"] if period.code == "2029")

    form = client.get(url).context["form"]

    assert form["code"].value() == "2029"
    assert Campaign.objects.get().code == "old"
    assert client.get(f"{PERIODS}?campagne=999").status_code == 404
    assert client.get(f"{PERIODS}?campagne=x").status_code == 200


def test_system_that_names_no_period_or_does_not_answer_is_said(client, ada, settings, tmp_path):
    settings.STUDENT_SYSTEM = "none"
    without = client.get(f"{CAMPAIGNS}nouveau/").content.decode()
    nothing = words(client.get(PERIODS))
    settings.STUDENT_SYSTEM = "spreadsheets"
    settings.SIS = {"folder": str(tmp_path / "gone")}
    silent = words(client.get(PERIODS))

    assert PERIODS not in without
    assert "ne donne ni année ni période" in nothing
    assert "Le SI scolarité ne répond pas" in silent
