"""Campaigns as they are made, changed and deleted [B-024 to B-027]."""

from datetime import date, timedelta

import pytest

from candide.core.blockers import Refused
from candide.institution.catalogue.domain.campaigns import (
    campaign_blockers,
    campaign_warnings,
    deleting_blockers,
    keep_campaign,
    replaceable,
    state_of,
)
from candide.institution.catalogue.domain.dates import date_blockers
from candide.institution.catalogue.enums import CampaignState
from candide.institution.catalogue.models import Campaign
from tests.factories.catalogue import DAY, TODAY, CampaignFactory, IntakeFactory

pytestmark = pytest.mark.django_db

NEXT = {"code": "2028", "starts_on": date(2027, 10, 4), "ends_on": date(2028, 9, 29)}


def codes(found):
    return [blocker.code for blocker in found]


def planned(now, **fields):
    return CampaignFactory(**{"switch_at": now + 200 * DAY, "is_active": False, **NEXT, **fields})


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, CampaignState.RUNNING),
        ({"starts_on": TODAY + DAY}, CampaignState.AHEAD),
        ({"ends_on": TODAY - DAY}, CampaignState.OVER),
        ({"is_active": False}, CampaignState.PLANNED),
        ({"archived": True}, CampaignState.ARCHIVED),
        ({"archived": True, "destroyed": True}, CampaignState.DESTROYED),
    ],
)
def test_state_of_a_campaign(now, fields, state):
    fields = dict(fields)
    archived_at = now if fields.pop("archived", False) else None
    destroyed_at = now if fields.pop("destroyed", False) else None
    campaign = CampaignFactory.build(archived_at=archived_at, destroyed_at=destroyed_at, **fields)

    assert state_of(campaign, today=TODAY) == state


def test_first_campaign_is_in_service_at_once_whatever_was_typed(now):
    first = keep_campaign(CampaignFactory.build(switch_at=now + DAY), now=now)

    assert (first.is_active, first.activated_at, first.switch_at) == (True, now, None)
    assert list(Campaign.objects.running(TODAY)) == [first]


def test_next_campaign_waits_for_its_moment_and_the_other_goes_on(now):
    current = CampaignFactory()

    following = keep_campaign(
        CampaignFactory.build(replaces=current, switch_at=now + 200 * DAY, **NEXT), now=now
    )

    assert (following.is_active, following.activated_at) == (False, None)
    assert list(Campaign.objects.in_service()) == [current]
    assert list(Campaign.objects.planned()) == [following]


def test_campaign_beside_another_is_in_service_at_once_without_a_moment(now):
    """B-025: also where the two overlap."""
    current = CampaignFactory()
    overlapping = {**NEXT, "starts_on": current.ends_on - 30 * DAY}

    beside = keep_campaign(CampaignFactory.build(**overlapping), now=now)

    assert set(Campaign.objects.in_service()) == {current, beside}


def test_campaign_changed_while_it_is_switched_stays_archived(now):
    shown = CampaignFactory(label="Rentrée")
    Campaign.objects.update(is_active=False, archived_at=now, announced_at=now, destroyed_at=now)
    shown.label = "Rentrée 2027"

    keep_campaign(shown, now=now)

    stored = Campaign.objects.get()
    assert (stored.is_active, stored.archived_at, stored.announced_at) == (False, now, now)
    assert (str(stored), stored.destroyed_at) == ("Rentrée 2027", now)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"starts_on": date(2028, 9, 30)}, ["ends_before_start"], id="dates"),
        pytest.param(
            {"candidates_until": date(2028, 9, 30)}, ["candidates_outside"], id="after the end"
        ),
        pytest.param(
            {"candidates_until": date(2027, 10, 3)}, ["candidates_outside"], id="before the start"
        ),
        pytest.param({"switch_at": None}, ["no_moment"], id="place without a moment"),
        pytest.param({"switch_in": -DAY}, ["moment_past"], id="moment past"),
        pytest.param({"archive_in": DAY}, ["not_in_service"], id="archived before it is open"),
        pytest.param({"candidates_until": date(2028, 9, 29)}, [], id="last day for candidates"),
    ],
)
def test_blockers_of_a_new_campaign(now, fields, expected):
    fields = dict(fields)
    if "switch_in" in fields:
        fields["switch_at"] = now + fields.pop("switch_in")
    if "archive_in" in fields:
        fields["archive_at"] = now + fields.pop("archive_in")
    campaign = CampaignFactory.build(
        **{"replaces": CampaignFactory(), "switch_at": now + 200 * DAY, **NEXT, **fields}
    )

    assert codes(campaign_blockers(campaign, now=now)) == expected


def test_place_is_taken_once_and_only_of_a_campaign_in_service(now):
    current, past = CampaignFactory(), CampaignFactory(over=True, archived_at=now, is_active=False)
    following = planned(now, replaces=current)
    another = CampaignFactory.build(code="x", switch_at=now + DAY, replaces=current)

    assert codes(campaign_blockers(another, now=now)) == ["place_taken"]
    another.replaces = past
    assert codes(campaign_blockers(another, now=now)) == ["place_taken"]
    assert campaign_blockers(following, now=now) == []
    assert list(replaceable(another)) == []
    assert list(replaceable(following)) == [current]


def test_campaign_that_ends_by_itself_is_not_replaced_too(now):
    ending = CampaignFactory(archive_at=now + DAY)
    taking = CampaignFactory.build(replaces=ending, switch_at=now + DAY, **NEXT)
    replaced = CampaignFactory(code="r")
    planned(now, replaces=replaced)
    replaced.archive_at = now + DAY

    assert codes(campaign_blockers(taking, now=now)) == ["ends_alone"]
    assert codes(campaign_blockers(replaced, now=now)) == ["replaced"]


def test_planned_campaign_keeps_a_moment(now):
    following = planned(now)
    following.switch_at = None

    assert codes(campaign_blockers(following, now=now)) == ["no_moment"]


def test_moment_that_is_past_stays_while_it_is_waited_for(now):
    following = planned(now, switch_at=now - DAY)
    following.ends_on += DAY

    assert campaign_blockers(following, now=now) == []


def test_switch_of_a_campaign_in_service_is_settled(now):
    campaign = CampaignFactory()
    campaign.switch_at = now + DAY

    assert codes(campaign_blockers(campaign, now=now)) == ["in_service"]


def test_archived_campaign_is_frozen_but_for_its_name(now):
    campaign = CampaignFactory(archived_at=now, is_active=False)
    campaign.label = "Autre nom"
    unchanged = campaign_blockers(campaign, now=now)
    campaign.ends_on += DAY
    campaign.code = "x"

    found = campaign_blockers(campaign, now=now)

    assert unchanged == []
    assert [(each.code, each.about) for each in found] == [
        ("archived", "field:code"),
        ("archived", "field:ends_on"),
    ]
    with pytest.raises(Refused):
        keep_campaign(campaign, now=now)


def test_openings_of_an_archived_campaign_are_frozen(now):
    """B-028: its applications are read with the dates they had."""
    intake = IntakeFactory(campaign=CampaignFactory(archived_at=now))
    intake.closes_on += DAY

    assert codes(date_blockers(intake)) == ["archived"]


def test_warnings_of_a_campaign(now):
    current = CampaignFactory()  # until 30 September 2027
    overlapping = CampaignFactory.build(
        code="a", starts_on=date(2027, 9, 1), ends_on=date(2028, 1, 1)
    )
    cutting = CampaignFactory.build(**NEXT, replaces=current, switch_at=now + 10 * DAY)
    late = CampaignFactory.build(**NEXT, replaces=current, switch_at=now + 250 * DAY)
    in_time = CampaignFactory.build(**NEXT, replaces=current, switch_at=now + 202 * DAY)

    assert codes(campaign_warnings(overlapping)) == ["overlap"]
    assert codes(campaign_warnings(cutting)) == ["cut_short"]
    assert codes(campaign_warnings(late)) == ["late"]
    assert codes(campaign_warnings(in_time)) == []


def test_warning_counts_openings_left_outside_by_new_dates(now):
    intake = IntakeFactory(jury_on=date(2027, 5, 20))
    campaign = intake.campaign
    campaign.ends_on = date(2027, 5, 19)

    found = campaign_warnings(campaign)
    campaign.archived_at = now

    assert codes(found) == ["openings_outside"]
    assert campaign_warnings(campaign) == []


def test_only_what_was_never_in_service_and_has_nothing_is_deleted(now):
    following = planned(now, replaces=CampaignFactory())
    opened = planned(now + timedelta(days=1), code="o", replaces=None)
    IntakeFactory(campaign=opened)

    assert deleting_blockers(following) == []
    assert codes(deleting_blockers(opened)) == ["in_use"]
    assert "was_in_service" in codes(deleting_blockers(following.replaces))
    assert codes(
        deleting_blockers(CampaignFactory(code="z", archived_at=now, is_active=False))
    ) == ["was_in_service"]


def test_campaign_in_service_may_end_by_itself(now):
    current = CampaignFactory()
    current.archive_at = now + DAY

    assert campaign_blockers(current, now=now) == []
