from datetime import date

import pytest

from candide.institution.catalogue.domain.gate import campaigns_open, gate_blockers
from tests.factories.catalogue import DAY, TODAY, CampaignFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        pytest.param({}, True, id="within its dates"),
        pytest.param({"starts_on": TODAY}, True, id="first day"),
        pytest.param({"ends_on": TODAY}, True, id="last day"),
        pytest.param({"starts_on": TODAY + DAY}, False, id="not begun"),
        pytest.param({"ends_on": TODAY - DAY}, False, id="over"),
        pytest.param({"candidates_until": TODAY}, True, id="last day for candidates"),
        pytest.param({"candidates_until": TODAY - DAY}, False, id="closed to candidates"),
        pytest.param({"is_active": False}, False, id="out of service"),
    ],
)
def test_gate_follows_dates_and_service_of_the_campaign(changes, is_open):
    """CAMP-01, 02, 03."""
    campaign = CampaignFactory(**changes)

    any_campaign = gate_blockers(today=TODAY)
    this_campaign = gate_blockers(today=TODAY, campaign=campaign)

    assert campaigns_open(TODAY) == ([campaign] if is_open else [])
    assert [blocker.code for blocker in any_campaign] == ([] if is_open else ["no_campaign"])
    assert [blocker.code for blocker in this_campaign] == ([] if is_open else ["campaign_closed"])


def test_gate_of_an_archived_campaign_is_closed(now):
    campaign = CampaignFactory(archived_at=now)

    assert campaigns_open(TODAY) == []
    assert [b.code for b in gate_blockers(today=TODAY, campaign=campaign)] == ["campaign_closed"]


def test_gate_is_open_while_one_of_two_campaigns_is():
    """Campaigns may overlap; the one that ends first comes first."""
    later = CampaignFactory(code="later", ends_on=date(2027, 12, 1))
    sooner = CampaignFactory(code="sooner", ends_on=date(2027, 4, 1))
    CampaignFactory(over=True)

    assert campaigns_open(TODAY) == [sooner, later]
    assert gate_blockers(today=TODAY) == []
