"""Campaigns in each of their states, and what a switch will change."""

from datetime import UTC, date, datetime

from candide.admissions.applications.models import Application
from tests.browser.states.staff import administrator, every_application
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory

CAMPAIGNS = "/gestion/parametrage/campagnes/"
MOMENT = datetime(2027, 10, 4, tzinfo=UTC)


def three_campaigns():
    """One archived, one under way with every state of an application, the next one planned."""
    past = CampaignFactory(
        over=True, is_active=False, archived_at=datetime(2026, 10, 5, tzinfo=UTC)
    )
    every_application()
    current = CampaignFactory(candidates_until=date(2027, 9, 1))
    following = CampaignFactory(
        code="2028",
        starts_on=date(2027, 10, 4),
        ends_on=date(2028, 9, 29),
        replaces=current,
        switch_at=MOMENT,
        is_active=False,
    )
    IntakeFactory(campaign=following)
    return past, current, following


def archived():
    """An application of a past campaign, as its candidate and staff read it."""
    ApplicationFactory(
        candidate__complete=True, offered=True, archived_at=datetime(2027, 3, 1, tzinfo=UTC)
    )
    return Application.objects.with_offer().get()


STATES = [
    State(
        "application, archived",
        lambda row: f"/gestion/candidatures/{row.pk}/",
        administrator,
        archived,
        weighed=False,
    ),
    State("applications, past", "/espace/candidatures/", lambda row: row.candidate.user, archived),
    State(
        "application, past",
        lambda row: f"/espace/candidatures/{row.pk}/",
        lambda row: row.candidate.user,
        archived,
    ),
    State("campaigns, none", CAMPAIGNS, administrator, weighed=False),
    State("campaigns", CAMPAIGNS, administrator, three_campaigns, weighed=False),
    State("campaign, the first", f"{CAMPAIGNS}nouveau/", administrator, weighed=False),
    State(
        "campaign, planned",
        lambda rows: f"{CAMPAIGNS}{rows[2].pk}/",
        administrator,
        three_campaigns,
        weighed=False,
    ),
    State(
        "campaign, switch",
        lambda rows: f"{CAMPAIGNS}{rows[2].pk}/bascule/",
        administrator,
        three_campaigns,
        weighed=False,
    ),
]
