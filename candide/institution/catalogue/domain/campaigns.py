"""Campaigns: making, changing and deleting them [administration 3.1, 3.2]. What happens at the
switch (« bascule »), which touches applications, is in `admissions/campaigns`."""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.core.deadlines import long_date
from candide.core.deleting import hanging_blockers
from candide.institution.catalogue.enums import CampaignState
from candide.institution.catalogue.models import Campaign, Intake
from candide.institution.catalogue.models.programme import NOT_BEFORE

# What an archived campaign keeps as it was, and what is settled once a campaign is in service.
FROZEN = ("code", "starts_on", "ends_on", "candidates_until", "replaces", "switch_at", "archive_at")
SETTLED = ("replaces", "switch_at")
# What is typed of a campaign, and what only the switch and the destruction write.
TYPED = ("label", *FROZEN)
REACHED = ("is_active", "activated_at", "archived_at", "announced_at", "destroyed_at")


def state_of(campaign: Campaign, *, today: date) -> CampaignState:
    """Where `campaign` stands on `today`."""
    if campaign.destroyed_at is not None:
        return CampaignState.DESTROYED
    if campaign.archived_at is not None:
        return CampaignState.ARCHIVED
    if not campaign.is_active:
        return CampaignState.PLANNED
    if today < campaign.starts_on:
        return CampaignState.AHEAD
    return CampaignState.RUNNING if today <= campaign.ends_on else CampaignState.OVER


def replaceable(campaign: Campaign) -> QuerySet[Campaign]:
    """The campaigns whose place `campaign` may take: in service, and promised to no other."""
    free = Campaign.objects.in_service().exclude(pk=campaign.pk)
    return free.filter(Q(replaced_by=None) | Q(replaced_by=campaign.pk))


def is_first(campaign: Campaign) -> bool:
    """Whether there is no other campaign: then there is nothing to wait for."""
    return not Campaign.objects.exclude(pk=campaign.pk).exists()


# -- Making and changing --------------------------------------------------------------------------


def campaign_blockers(campaign: Campaign, *, now: datetime) -> list[Blocker]:
    """Why `campaign`, which need not be saved, may not be kept as it is. `about` is the field."""
    stored = Campaign.objects.filter(pk=campaign.pk).first()
    found = [*_frozen(campaign, stored), *_days(campaign)]
    if campaign.archived_at is None:
        found += [*_place(campaign, stored), *_moments(campaign, stored, now)]
    return found


def _frozen(campaign: Campaign, stored: Campaign | None) -> Iterator[Blocker]:
    if stored is None:
        return
    if stored.is_frozen:
        for name in _changed(campaign, stored, FROZEN):
            yield Blocker(
                "archived", _("This campaign is archived: only its name changes."), f"field:{name}"
            )
    elif stored.is_active:
        for name in _changed(campaign, stored, SETTLED):
            yield Blocker("in_service", _("This campaign is in service already."), f"field:{name}")


def _changed(campaign: Campaign, stored: Campaign, names: tuple[str, ...]) -> list[str]:
    columns = {name: Campaign._meta.get_field(name).attname for name in names}  # type: ignore[union-attr]
    return [
        name
        for name, column in columns.items()
        if getattr(campaign, column) != getattr(stored, column)
    ]


def _days(campaign: Campaign) -> Iterator[Blocker]:
    starts, ends, until = campaign.starts_on, campaign.ends_on, campaign.candidates_until
    if starts and ends and ends < starts:
        yield Blocker(
            "ends_before_start", _("The campaign ends before it starts."), "field:ends_on"
        )
    elif starts and ends and until and not starts <= until <= ends:
        yield Blocker(
            "candidates_outside",
            _("This day is outside the campaign, from %(start)s to %(end)s.")
            % {"start": long_date(starts), "end": long_date(ends)},
            "field:candidates_until",
        )


def _place(campaign: Campaign, stored: Campaign | None) -> Iterator[Blocker]:
    """What it takes the place of; a campaign in service took it already."""
    if campaign.replaces_id is None or (stored is not None and stored.is_active):
        return
    if not replaceable(campaign).filter(pk=campaign.replaces_id).exists():
        yield Blocker(
            "place_taken",
            _("This campaign is not in service, or another one takes its place already."),
            "field:replaces",
        )
    elif campaign.replaces.archive_at is not None:  # type: ignore[union-attr]
        yield Blocker(
            "ends_alone",
            _("That campaign is to be archived by itself: take that moment out of it first."),
            "field:replaces",
        )


def _moments(campaign: Campaign, stored: Campaign | None, now: datetime) -> Iterator[Blocker]:
    is_planned = stored is not None and not stored.is_active
    if campaign.switch_at is None and (campaign.replaces_id or is_planned):
        yield Blocker(
            "no_moment",
            _("Say when it is put in service: the other one is archived at that moment.")
            if campaign.replaces_id
            else _("Say when it is put in service."),
            "field:switch_at",
        )
    for name in ("switch_at", "archive_at"):
        moment = getattr(campaign, name)
        if moment and moment <= now and moment != getattr(stored, name, None):
            yield Blocker("moment_past", _("This moment is past."), f"field:{name}")
    if campaign.archive_at is not None:
        yield from _ending(campaign, stored)


def _ending(campaign: Campaign, stored: Campaign | None) -> Iterator[Blocker]:
    if not (stored is not None and stored.is_active):
        message = _("Only a campaign in service is archived.")
        yield Blocker("not_in_service", message, "field:archive_at")
    elif Campaign.objects.filter(replaces=campaign.pk).exists():
        message = _("Another campaign takes its place: it is archived at that moment.")
        yield Blocker("replaced", message, "field:archive_at")


def campaign_warnings(campaign: Campaign) -> list[Blocker]:
    """Allowed but unwise; `campaign` has no blocker and its dates are filled in."""
    if campaign.is_frozen:
        return []
    return [*_overlap(campaign), *_gap(campaign), *_openings_outside(campaign)]


def _overlap(campaign: Campaign) -> Iterator[Blocker]:
    others = Campaign.objects.filter(
        archived_at=None, starts_on__lte=campaign.ends_on, ends_on__gte=campaign.starts_on
    ).exclude(pk__in=[key for key in (campaign.pk, campaign.replaces_id) if key])
    for other in others.exclude(replaces__isnull=False, replaces=campaign.pk).order_by("starts_on"):
        yield Blocker(
            "overlap",
            _("It overlaps “%(other)s”, from %(start)s to %(end)s: people may apply in both.")
            % {
                "other": other,
                "start": long_date(other.starts_on),
                "end": long_date(other.ends_on),
            },
        )


def _gap(campaign: Campaign) -> Iterator[Blocker]:
    """Days on which nobody can apply though the campaign has begun, or the other is cut short."""
    if campaign.switch_at is None or (campaign.pk and campaign.is_active):
        return
    day = localdate(campaign.switch_at)
    if day > campaign.starts_on:
        yield Blocker(
            "late",
            _("It starts on %(start)s but is only put in service on %(day)s: until then nobody "
              "applies in it.") % {"start": long_date(campaign.starts_on), "day": long_date(day)},
            "field:switch_at",
        )  # fmt: skip
    replaced = campaign.replaces
    if replaced is not None and day <= replaced.ends_on:
        yield Blocker(
            "cut_short",
            _("“%(other)s” runs until %(end)s: it would be archived before, on %(day)s.")
            % {
                "other": replaced,
                "end": long_date(replaced.ends_on),
                "day": long_date(day),
            },
            "field:switch_at",
        )


def _openings_outside(campaign: Campaign) -> Iterator[Blocker]:
    outside = Q()
    for name in ("opens_on", *NOT_BEFORE):
        outside |= Q(**{f"{name}__lt": campaign.starts_on})
        outside |= Q(**{f"{name}__gt": campaign.ends_on})
    number = Intake.objects.filter(outside, campaign=campaign.pk).count() if campaign.pk else 0
    if number:
        yield Blocker(
            "openings_outside",
            ngettext(
                "%(number)d opening has a date outside the campaign.",
                "%(number)d openings have a date outside the campaign.",
                number,
            )
            % {"number": number},
        )


@transaction.atomic
def keep_campaign(campaign: Campaign, *, now: datetime) -> Campaign:
    """Save a campaign that was made or changed. The first of all, and one without a moment, is in
    service at once; any other waits for its moment [B-024, B-025]. How far the switch is with one
    that was changed stays as it is now."""
    if is_first(campaign) and campaign.pk is None:
        campaign.replaces = campaign.switch_at = None
    if campaign.pk is None:
        campaign.is_active = campaign.switch_at is None
        campaign.activated_at = now if campaign.is_active else None
    else:
        current = Campaign.objects.locked(campaign.pk)
        for name in REACHED:
            setattr(campaign, name, getattr(current, name))
    refuse_if(campaign_blockers(campaign, now=now))
    campaign.save(update_fields=TYPED if campaign.pk else None)
    return campaign


# -- Deleting -------------------------------------------------------------------------------------


def deleting_blockers(campaign: Campaign) -> list[Blocker]:
    """Why `campaign` may not be deleted: it was in service, or something hangs on it [B-026]."""
    found = []
    if campaign.is_active or campaign.is_frozen:
        message = _("It was in service: it stays, with what happened in it.")
        found.append(Blocker("was_in_service", message))
    return found + hanging_blockers(campaign)
