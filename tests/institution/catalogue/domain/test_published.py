"""The offer as other sites read it: the filters say of each opening what the pages say."""

from datetime import date

import pytest
from icalendar import Calendar

from candide.institution.catalogue.domain.dates import period
from candide.institution.catalogue.domain.ical import calendar_of
from candide.institution.catalogue.domain.published import (
    Wanted,
    published_centres,
    published_intakes,
    published_programmes,
)
from candide.institution.catalogue.enums import Period
from candide.institution.catalogue.models import Intake
from tests.factories.catalogue import (
    DAY,
    TODAY,
    ApplicationCentreFactory,
    CampaignFactory,
    CommissionFactory,
    IntakeFactory,
    ProgrammeFactory,
    ProgrammeKindFactory,
)
from tests.factories.reference import DiplomaTypeFactory

pytestmark = pytest.mark.django_db


def test_openings_are_found_by_the_period_their_page_shows():
    campaigns = {
        "running": {},
        "later": {"starts_on": TODAY + 10 * DAY},
        "over": {"starts_on": TODAY - 90 * DAY, "ends_on": TODAY - DAY},
        "closed-to-candidates": {"candidates_until": TODAY - DAY},
        "until-soon": {"candidates_until": TODAY + 3 * DAY},
    }
    for code, dates in campaigns.items():
        for name in ("open", "soon", "closed"):
            IntakeFactory(campaign=CampaignFactory(code=code, **dates), **{name: True})
    intakes = list(Intake.objects.on_offer().select_related("campaign").order_by("pk"))

    for wanted in Period:
        found = published_intakes(Wanted(period=wanted), today=TODAY)
        assert set(found) == {one for one in intakes if period(one, today=TODAY) == wanted}, wanted
    assert len(intakes) == 15


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(words="droit aff"),
        Wanted(centre="dsp"),
        Wanted(diploma_type="MA"),
        Wanted(kind="pro"),
        Wanted(campaign="2028"),
        Wanted(programme="DRT"),
        Wanted(words="fac affaires", kind="pro"),
    ],
)
def test_the_offer_is_filtered_by_words_and_codes(wanted):
    centre = ApplicationCentreFactory(code="dsp", name="Faculté de droit")
    law = ProgrammeFactory(
        code="DRT",
        name="Droit des affaires",
        commission=CommissionFactory(centre=centre),
        diploma_type=DiplomaTypeFactory(code="MA", name="Master"),
        kind=ProgrammeKindFactory(code="pro"),
    )
    wished = IntakeFactory(programme=law, campaign=CampaignFactory(code="2028"))
    IntakeFactory(programme=ProgrammeFactory(name="Chimie"))

    assert list(published_intakes(wanted, today=TODAY)) == [wished]
    (programme,) = published_programmes(wanted, today=TODAY)
    assert (programme, programme.offered) == (law, [wished])


def test_what_is_out_of_service_is_not_published():
    shown, hidden = IntakeFactory(), IntakeFactory()
    hidden.programme.commission.is_active = False
    hidden.programme.commission.save()

    assert list(published_intakes(Wanted(), today=TODAY)) == [shown]
    assert list(published_programmes(Wanted(), today=TODAY)) == [shown.programme]
    assert list(published_centres()) == [shown.programme.commission.centre]


def test_a_calendar_holds_every_date_under_a_lasting_name(now):
    intake = IntakeFactory(
        open=True,
        programme__name="Droit, économie; gestion",
        jury_on=TODAY + 50 * DAY,
        acceptance_days=5,
    )
    intakes = Intake.objects.with_offer()

    content = calendar_of(
        intakes,
        name="Offre",
        host="example.org",
        address_of=lambda programme: f"https://example.org/{programme.slug}",
        now=now,
    )

    events = Calendar.from_ical(content).walk("VEVENT")
    assert {str(event["uid"]): event.decoded("dtstart") for event in events} == {
        f"{intake.pk}-opens_on@example.org": date(2027, 3, 1),
        f"{intake.pk}-closes_on@example.org": date(2027, 4, 14),
        f"{intake.pk}-documents_due_on@example.org": date(2027, 4, 29),
        f"{intake.pk}-jury_on@example.org": date(2027, 5, 4),
    }
    assert {event.decoded("dtend") - event.decoded("dtstart") for event in events} == {DAY}
    assert {str(event["summary"]).partition(" : ")[2] for event in events} == {
        "Droit, économie; gestion"
    }
    assert {str(event["url"]) for event in events} == {
        f"https://example.org/{intake.programme.slug}"
    }
