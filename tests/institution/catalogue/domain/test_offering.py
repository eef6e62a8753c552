import pytest

from candide.institution.catalogue.domain.offering import (
    free_address,
    offer_state,
    usual_campaign,
)
from candide.institution.catalogue.enums import OfferState
from candide.institution.catalogue.models import Intake, Programme
from tests.factories.catalogue import (
    DAY,
    TODAY,
    CampaignFactory,
    IntakeFactory,
    ProgrammeFactory,
)

pytestmark = pytest.mark.django_db
AFTER = CampaignFactory.ends_on + DAY


@pytest.mark.parametrize(
    ("traits", "state"),
    [
        ({}, OfferState.SOUND),
        ({"is_active": False}, OfferState.CLOSED),
        ({"programme__is_active": False}, OfferState.CLOSED),
        ({"programme__commission__is_active": False}, OfferState.CLOSED),
        ({"programme__commission__centre__is_active": False}, OfferState.CLOSED),
        ({"campaign__is_active": False}, OfferState.NO_CAMPAIGN),
        ({"opens_on": CampaignFactory.starts_on - DAY}, OfferState.OUTSIDE),
        ({"closes_on": AFTER, "documents_due_on": AFTER}, OfferState.OUTSIDE),
        ({"acceptance_due_on": AFTER}, OfferState.OUTSIDE),
        ({"reserve_acceptance_due_on": AFTER}, OfferState.OUTSIDE),
    ],
)
def test_state_against_the_campaign_looks_at_every_date(traits, state):
    """B-055."""
    intake = IntakeFactory(**traits)

    assert offer_state(intake.programme, intake) == state


def test_programme_without_an_intake_is_not_opened():
    assert offer_state(ProgrammeFactory(), None) == OfferState.NOT_OPENED


def test_usual_campaign_is_the_one_under_way_else_the_next_else_the_last():
    over = CampaignFactory(over=True)
    assert usual_campaign(TODAY) == over

    coming = CampaignFactory(code="2028", starts_on=TODAY + DAY, ends_on=TODAY + 9 * DAY)
    assert usual_campaign(TODAY) == coming

    running = CampaignFactory()
    assert usual_campaign(TODAY) == running


def test_free_address_is_made_of_the_name_and_nobody_elses():
    ProgrammeFactory(slug="master-droit-public")
    ProgrammeFactory(slug="master-droit-public-2")

    assert free_address(Programme(name="Master Droit public", code="M1")) == "master-droit-public-3"
    assert free_address(Programme(name="???", code="M1 DP")) == "m1-dp"
    assert Intake.objects.count() == 0
