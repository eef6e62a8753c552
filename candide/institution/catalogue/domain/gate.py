"""The campaign gate: when accounts and applications may be created [CAMP-01…03, 05].

It stops nothing else: signing in, reading, answering and withdrawing stay open, and documents
follow the dates of their intake.
"""

from datetime import date

from django.utils.translation import gettext as _

from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Campaign


def campaigns_open(today: date) -> list[Campaign]:
    """Campaigns in which candidates may begin something on `today`, the one ending first first."""
    return list(Campaign.objects.open_to_candidates(today).order_by("ends_on", "code"))


def gate_blockers(*, today: date, campaign: Campaign | None = None) -> list[Blocker]:
    """Why candidates may begin nothing on `today`: in `campaign`, or in any at all."""
    if campaign is not None:
        if last_candidate_day(campaign) >= today >= campaign.starts_on and in_service(campaign):
            return []
        return [Blocker("campaign_closed", _("The campaign is not open to candidates."))]
    if Campaign.objects.open_to_candidates(today).exists():
        return []
    return [
        Blocker(
            "no_campaign",
            _("No campaign is open: no account and no application can be created for now."),
        )
    ]


def in_service(campaign: Campaign) -> bool:
    return campaign.is_active and campaign.archived_at is None


def last_candidate_day(campaign: Campaign) -> date:
    """The last day candidates may begin something [CAMP-02]."""
    return min(campaign.candidates_until or campaign.ends_on, campaign.ends_on)
