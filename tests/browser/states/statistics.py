"""Statistics: the overview, a table of each level, one programme, and nothing to count."""

from candide.admissions.applications.models import Application
from tests.browser.states.staff import administrator, bao, every_application, member
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import TODAY, CampaignFactory, IntakeFactory

STATISTICS = "/gestion/statistiques/"


def two_campaigns():
    """Every state of an application, and some of the year before to the same programme."""
    every_application()
    application = ApplicationFactory(transmitted=True, intake=IntakeFactory(capacity=30))
    past = IntakeFactory(
        programme=application.intake.programme,
        campaign=CampaignFactory(over=True),
        opens_on=TODAY.replace(year=2026),
        closes_on=TODAY.replace(year=2026, month=5),
        is_active=True,
    )
    for _number in range(3):
        ApplicationFactory(intake=past, created_at=application.created_at.replace(year=2026))
    return Application.objects.with_offer().get(pk=application.pk)


def one_programme(application):
    return f"{STATISTICS}formations/{application.intake_id}/"


STATES = [
    State("statistics", STATISTICS, administrator, two_campaigns, weighed=False),
    State("statistics, no campaign", STATISTICS, administrator, weighed=False),
    *(
        State(
            f"statistics by {level}",
            f"{STATISTICS}{level}/?all=1&sort=-applied",
            administrator,
            two_campaigns,
            weighed=False,
        )
        for level in ("formations", "commissions", "centres")
    ),
    State(
        "statistics, nothing found",
        f"{STATISTICS}formations/?q=zz",
        administrator,
        two_campaigns,
        weighed=False,
    ),
    State("statistics of a programme", one_programme, bao, two_campaigns, weighed=False),
    State("statistics of a member", STATISTICS, member, two_campaigns, weighed=False),
]
