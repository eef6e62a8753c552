"""A switch that replaces nothing, and reports that name nobody who is gone."""

import pytest

from candide.admissions.campaigns.domain.copies import blank_reports_of_destroyed
from candide.admissions.campaigns.domain.switching import switch
from candide.admissions.handover.enums import Difference, ReportKind
from candide.admissions.handover.models import SystemReport
from candide.institution.catalogue.models import Campaign
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import CampaignFactory

pytestmark = pytest.mark.django_db


def test_campaign_that_replaces_none_is_put_in_service_beside_the_others(now):
    other = CampaignFactory()
    planned = CampaignFactory(code="beside", switch_at=now, is_active=False)

    assert switch(planned.pk, now=now) is True

    assert set(Campaign.objects.in_service()) == {other, planned}
    assert Campaign.objects.get(pk=planned.pk).activated_at == now


def test_report_that_names_those_who_stay_keeps_its_words(now):
    stays = ApplicationFactory()
    lines = [[Difference.REFUSED, stays.pk, "Unknown programme"]]
    gone = [[Difference.REFUSED, stays.pk + 1, "Unknown programme"]]
    kept, blanked = (
        SystemReport.objects.create(kind=ReportKind.RECONCILIATION, created_at=now, lines=each)
        for each in (lines, gone)
    )

    blank_reports_of_destroyed()

    kept.refresh_from_db()
    blanked.refresh_from_db()
    assert kept.lines == lines
    assert blanked.lines == [[Difference.REFUSED, None, ""]]
