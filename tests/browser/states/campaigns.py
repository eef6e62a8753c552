"""Campaigns in each of their states, and what a switch will change."""

from datetime import UTC, date, datetime

from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain.destroying import begin, finish
from candide.admissions.campaigns.models import Destruction
from candide.institution.catalogue.models import Intake
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


def destroyed():
    """One destroyed, with its report and its figures, one to be destroyed, one archived lately."""
    _past, current, _following = three_campaigns()
    old = CampaignFactory(
        code="2025",
        starts_on=date(2025, 1, 6),
        ends_on=date(2025, 9, 30),
        is_active=False,
        archived_at=datetime(2025, 10, 6, tzinfo=UTC),
    )
    IntakeFactory(campaign=old, programme=Intake.objects.filter(campaign=current)[0].programme)
    begin(old.pk, now=datetime(2027, 1, 4, tzinfo=UTC))
    Destruction.objects.update(counts={"applications": 812, "accounts": 240, "files": 4031})
    finish(old.pk, now=datetime(2027, 1, 5, tzinfo=UTC))
    return old


STATES = [
    State(
        "retention", "/gestion/parametrage/conservation/", administrator, destroyed, weighed=False
    ),
    State(
        "retention, nothing archived",
        "/gestion/parametrage/conservation/",
        administrator,
        weighed=False,
    ),
    State(
        "statistics, kept",
        lambda row: f"/gestion/statistiques/?campaign={row.pk}&all=1",
        administrator,
        destroyed,
        weighed=False,
    ),
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
        "campaign, periods",
        f"{CAMPAIGNS}periodes/",
        administrator,
        lambda: CampaignFactory(code="2027"),
        weighed=False,
    ),
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
