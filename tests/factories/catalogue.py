"""Everything is relative to the 15th of March 2027, where the frozen clock of the tests stands."""

from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from candide.institution.catalogue import models

TODAY = date(2027, 3, 15)
DAY = timedelta(days=1)


class CampaignFactory(DjangoModelFactory):
    """In service all year round the frozen day."""

    class Meta:
        model = models.Campaign
        django_get_or_create = ("code",)

    class Params:
        over = factory.Trait(code="2026", starts_on=date(2026, 1, 4), ends_on=date(2026, 9, 30))
        closed_to_candidates = factory.Trait(candidates_until=TODAY - DAY)

    code = "2027"
    label = factory.LazyAttribute(lambda campaign: f"Campagne {campaign.code}")
    starts_on = date(2027, 1, 4)
    ends_on = date(2027, 9, 30)


class ApplicationCentreFactory(DjangoModelFactory):
    class Meta:
        model = models.ApplicationCentre

    code = factory.Sequence(lambda n: f"centre-{n}")
    name = factory.LazyAttribute(lambda centre: f"Centre {centre.code}")


class CommissionFactory(DjangoModelFactory):
    class Meta:
        model = models.Commission

    centre = factory.SubFactory(ApplicationCentreFactory)
    code = factory.Sequence(lambda n: f"commission-{n}")
    name = factory.LazyAttribute(lambda commission: f"Commission {commission.code}")
    address_1 = "1 rue des Épreuves"
    postcode = "45000"
    city = "Orléans"


class ProgrammeKindFactory(DjangoModelFactory):
    class Meta:
        model = models.ProgrammeKind

    code = factory.Sequence(lambda n: f"kind-{n}")
    name = factory.LazyAttribute(lambda kind: f"Type {kind.code}")


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = models.Programme

    commission = factory.SubFactory(CommissionFactory)
    code = factory.Sequence(lambda n: f"programme-{n}")
    slug = factory.SelfAttribute("code")
    name = factory.LazyAttribute(lambda programme: f"Formation {programme.code}")


class IntakeFactory(DjangoModelFactory):
    """Open on the frozen day, transmitted online. `soon`, `closed` and `paper` say otherwise."""

    class Meta:
        model = models.Intake

    class Params:
        open = factory.Trait(opens_on=TODAY - 14 * DAY, closes_on=TODAY + 30 * DAY)
        soon = factory.Trait(opens_on=TODAY + 7 * DAY, closes_on=TODAY + 45 * DAY)
        closed = factory.Trait(
            opens_on=TODAY - 60 * DAY, closes_on=TODAY - 2 * DAY, documents_due_on=TODAY - DAY
        )
        paper = factory.Trait(is_paperless=False)

    programme = factory.SubFactory(ProgrammeFactory)
    campaign = factory.SubFactory(CampaignFactory)
    opens_on = TODAY - 14 * DAY
    closes_on = TODAY + 30 * DAY
    documents_due_on = factory.LazyAttribute(lambda intake: intake.closes_on + 15 * DAY)


class TacitThresholdFactory(DjangoModelFactory):
    class Meta:
        model = models.TacitThreshold

    days = factory.Sequence(lambda n: n + 1)
    label = factory.LazyAttribute(lambda threshold: f"{threshold.days} jours")
