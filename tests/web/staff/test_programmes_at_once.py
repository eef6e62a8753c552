"""Duplicating programmes and campaigns, and changing many openings at once."""

from datetime import date
from typing import Any

import pytest

from candide.institution.access.enums import Capability
from candide.institution.catalogue.enums import CopyOutcome
from candide.institution.catalogue.models import Campaign, Institution, Intake, Programme
from tests.factories.catalogue import DAY, CampaignFactory, IntakeFactory, ProgrammeFactory
from tests.web.conftest import words
from tests.web.staff.conftest import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

SETTINGS = "/gestion/parametrage/"
CAMPAIGN = f"{SETTINGS}ouvertures/dupliquer/"
DATES = f"{SETTINGS}ouvertures/dates/"
JURY = date(2027, 5, 20)


@pytest.fixture(autouse=True)
def institution() -> Any:
    return Institution.current()


@pytest.fixture
def own() -> Intake:
    return IntakeFactory()


@pytest.fixture
def foreign() -> Intake:
    return IntakeFactory()


@pytest.fixture
def bao(client: Any, own: Intake) -> Any:
    user = member(Capability.MANAGE_CATALOGUE, centre=own.programme.commission.centre)
    client.force_login(user)
    return user


@pytest.fixture
def into() -> Campaign:
    return CampaignFactory(code="2028", starts_on=date(2028, 1, 3), ends_on=date(2028, 9, 30))


def test_programme_is_duplicated_after_a_code_and_a_name(client, bao, own):
    address = f"{SETTINGS}formations/{own.programme_id}/dupliquer/"
    typed = {"code": "COPIE", "name_0": "Une copie", "name_1": ""}

    taken = client.post(address, {**typed, "code": own.programme.code})
    done = client.post(address, typed)

    copy = Programme.objects.get(code="COPIE")
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["code"])
    assert done.url == f"{SETTINGS}formations/{copy.pk}/"
    assert (str(copy.name), copy.intakes.count()) == ("Une copie", 1)


def test_programme_of_others_is_not_duplicated(client, bao, foreign):
    address = f"{SETTINGS}formations/{foreign.programme_id}/dupliquer/"

    assert client.post(address, {"code": "COPIE", "name_0": "X"}).status_code == 404


def test_campaign_is_previewed_then_duplicated_within_reach(client, bao, own, foreign, into):
    chosen = {"source": own.campaign_id, "into": into.pk}

    preview = client.get(CAMPAIGN, chosen)
    nothing_yet = Intake.objects.filter(campaign=into).count()
    client.post(CAMPAIGN, {**chosen, "days": "364"})

    assert [(row["programme"], row["outcome"]) for row in preview.context["rows"]] == [
        (own.programme, CopyOutcome.MADE)
    ]
    assert nothing_yet == 0
    made = Intake.objects.get(campaign=into)
    assert (made.programme, made.opens_on) == (own.programme, own.opens_on + 364 * DAY)
    again = client.get(CAMPAIGN, chosen)
    assert [row["outcome"] for row in again.context["rows"]] == [CopyOutcome.EXISTS]


def test_centre_of_others_and_one_campaign_twice_are_refused(client, bao, own, foreign):
    chosen = {"source": own.campaign_id, "into": own.campaign_id}
    chosen["centre"] = foreign.programme.commission.centre_id

    response = client.post(CAMPAIGN, chosen)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"into", "centre"})


def test_dates_of_those_chosen_are_previewed_then_changed(client, bao, own, foreign):
    page = client.get(DATES, {"intake": [own.pk, foreign.pk]})
    typed = {"keys": page.context["keys"], "jury_on": JURY.isoformat()}

    preview = client.post(DATES, {**typed, "step": "preview"})
    own.refresh_from_db()
    assert (page.context["chosen"], own.jury_on) == ([own], None)
    assert "– → 20 mai 2027" in words(preview)

    client.post(DATES, {**typed, "step": "apply", "seen": preview.context["mark"]})
    own.refresh_from_db()
    assert own.jury_on == JURY


def test_openings_of_others_are_never_changed(client, bao, own, foreign):
    mixed = {"keys": f"{own.pk},{foreign.pk}", "service": "no", "step": "preview"}
    seen = client.post(DATES, mixed).context["mark"]

    client.post(DATES, {**mixed, "step": "apply", "seen": seen})

    foreign.refresh_from_db()
    own.refresh_from_db()
    assert (own.is_active, foreign.is_active) == (False, True)
    assert client.get(DATES, {"intake": foreign.pk}).url == f"{SETTINGS}formations/"


def test_preview_is_asked_again_when_somebody_changed_a_row(client, bao, own):
    typed = {"keys": str(own.pk), "jury_on": JURY.isoformat()}
    seen = client.post(DATES, {**typed, "step": "preview"}).context["mark"]
    Intake.objects.update(capacity=9)

    response = client.post(DATES, {**typed, "step": "apply", "seen": seen})

    own.refresh_from_db()
    assert (response.status_code, own.jury_on) == (409, None)
    assert response.context["form"]["jury_on"].value() == JURY.isoformat()


def test_something_must_be_filled_in(client, bao, own):
    response = client.post(DATES, {"keys": str(own.pk), "step": "preview"})

    assert response.status_code == 422


def test_all_that_match_the_filters_are_taken(client, bao, own):
    commission = own.programme.commission
    law = IntakeFactory(programme=ProgrammeFactory(commission=commission, name="Droit"))

    page = client.get(DATES, {"every": "1", "q": "droit"})

    assert page.context["chosen"] == [law]


@pytest.mark.parametrize("number", [1, 3])
def test_previews_take_a_constant_number_of_queries(
    client, bao, own, into, number, django_assert_num_queries
):
    commission = own.programme.commission
    for _number in range(number - 1):
        IntakeFactory(programme=ProgrammeFactory(commission=commission))
    every = ",".join(map(str, Intake.objects.values_list("pk", flat=True)))

    with django_assert_num_queries(14):
        client.get(CAMPAIGN, {"source": own.campaign_id, "into": into.pk})
    with django_assert_num_queries(5):
        client.post(DATES, {"keys": every, "service": "no", "step": "preview"})
