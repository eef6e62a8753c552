"""How programmes stand against a campaign, and the addresses they are found at."""

from datetime import date

from django.utils.text import slugify

from candide.institution.catalogue.domain.dates import date_warnings
from candide.institution.catalogue.domain.gate import in_service
from candide.institution.catalogue.enums import OfferState
from candide.institution.catalogue.models import Campaign, Intake, Programme

_ADDRESS = 110


def offer_state(programme: Programme, intake: Intake | None) -> OfferState:
    """The first thing that keeps `programme` from being sound in a campaign; `intake` is what it
    has there, if anything [7.3, every date counted]. Both come with what is above them."""
    commission = programme.commission
    if not (programme.is_active and commission.is_active and commission.centre.is_active):
        return OfferState.CLOSED
    if intake is None:
        return OfferState.NOT_OPENED
    if not intake.is_active:
        return OfferState.CLOSED
    if not in_service(intake.campaign):
        return OfferState.NO_CAMPAIGN
    return OfferState.OUTSIDE if date_warnings(intake) else OfferState.SOUND


def usual_campaign(today: date) -> Campaign | None:
    """The campaign people who set up programmes mean when they name none: the one under way that
    began last, else the next one in service, else the last there was."""
    choices = (
        (Campaign.objects.running(today), "-starts_on"),
        (Campaign.objects.in_service().filter(starts_on__gt=today), "starts_on"),
        (Campaign.objects.all(), "-starts_on"),
    )
    found = (campaigns.order_by(order, "code").first() for campaigns, order in choices)
    return next((campaign for campaign in found if campaign is not None), None)


def free_address(programme: Programme) -> str:
    """An address nobody else has, made from the name."""
    wished = slugify(str(programme.name))[:_ADDRESS] or slugify(programme.code) or "formation"
    taken = set(
        Programme.objects.filter(slug__startswith=wished)
        .exclude(pk=programme.pk)
        .values_list("slug", flat=True)
    )
    number = 2
    address = wished
    while address in taken:
        address = f"{wished}-{number}"
        number += 1
    return address
