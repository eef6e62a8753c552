"""The campaign before: over, decided, archived, so that statistics have something to compare with
and the archives something to show."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from candide.admissions.applications.models import Application
from candide.admissions.decisions.models import IntakeDecisions
from candide.core.clock import localdate, start_of
from candide.demo.crowd import Crowd, Plan
from candide.demo.organisation import Organisation, text
from candide.demo.people import people
from candide.demo.states import usual_state
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.domain.duplicating import shifted
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.catalogue.models import Campaign, Intake

YEAR = timedelta(weeks=52)
FIRST_NUMBER = 500_000  # far from everybody else's
EACH = 2


def create_last_year(organisation: Organisation) -> list[Intake]:
    """The campaign whose place the present one took, with the openings it had; saved."""
    current = organisation.campaign
    switched_at = start_of(current.starts_on)
    code = str(int(current.code) - 1)
    last = Campaign.objects.create(
        code=code,
        label=text(f"Campagne {code}-{current.code}", f"Campaign {code}"),
        starts_on=current.starts_on - YEAR,
        ends_on=current.starts_on - timedelta(days=1),
        is_active=False,
        activated_at=switched_at - YEAR,
        archived_at=switched_at,
    )
    current.replaces, current.switch_at, current.activated_at = last, switched_at, switched_at
    current.save(update_fields=["replaces", "switch_at", "activated_at"])
    intakes = [shifted(each, into=last, days=-YEAR.days) for each in organisation.intakes]
    Intake.objects.bulk_create(intakes)
    given = {each.intake_id: each for each in IntakeDecisions.objects.order_by("pk")}
    IntakeDecisions.objects.bulk_create(
        IntakeDecisions(
            intake=intake,
            favourable_id=given[source.pk].favourable_id,
            called_id=given[source.pk].called_id,
        )
        for source, intake in zip(organisation.intakes, intakes, strict=True)
        if source.pk in given
    )
    return intakes


def fill_last_year(
    intakes: list[Intake], number: int, *, seed: int, files: dict[str, StoredFile]
) -> Iterator[int]:
    """`number` applications of other people, all over by the day of the switch."""
    campaign = intakes[0].campaign
    archived_at = campaign.archived_at
    assert archived_at is not None  # noqa: S101 -- as it was made above
    crowd = Crowd(seed=seed - 1, now=archived_at, files=files)
    yield from crowd.write(_plans(intakes, number, seed=seed, now=archived_at))
    with transaction.atomic():
        mine = Application.objects.filter(intake__campaign=campaign)
        archived = mine.update(archived_at=archived_at)
        log(campaign.replaced_by, CampaignEvent.SWITCHED_TO, replaces=campaign.pk)
        log(campaign, CampaignEvent.ARCHIVED, applications=archived)


def _plans(intakes: list[Intake], number: int, *, seed: int, now: datetime) -> Iterator[Plan]:
    rng = random.Random(f"last-year-{seed}")
    persons = people(number // EACH, seed=seed - 1, today=localdate(now), first=FIRST_NUMBER)
    for person in persons:
        chosen = rng.sample(intakes, EACH)
        yield Plan(
            person,
            [
                (intake, usual_state(rng, "over", is_paperless=intake.is_paperless))
                for intake in chosen
            ],
        )
