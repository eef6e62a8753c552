"""The switch (« bascule ») [administration 3.3]: a planned campaign is put in service, and the one
whose place it takes is archived with its applications. Each switch is one transaction: whatever is
killed in it, it happened or it did not, and the job that comes every few minutes does what is due,
however long ago its moment was."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, refuse_if
from candide.core.tasks import spur
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.enums import CampaignEvent
from candide.institution.catalogue.models import Campaign

SPUR = "campaigns.switch"


def due(*, now: datetime) -> list[int]:
    """The campaigns whose moment has come: to be put in service, or to end."""
    switched = Campaign.objects.to_switch(now).values_list("pk", "switch_at")
    ended = Campaign.objects.to_archive(now).values_list("pk", "archive_at")
    found = [*switched.order_by("pk"), *ended.order_by("pk")]
    return [pk for pk, _moment in sorted(found, key=lambda one: (one[1], one[0]))]


def switching_blockers(campaign: Campaign) -> list[Blocker]:
    """Why nothing can be switched by `campaign`: neither put in service nor archived."""
    if campaign.is_frozen:
        return [Blocker("archived", _("This campaign is archived already."))]
    if campaign.is_active:
        return list(_successor(campaign))
    replaced = campaign.replaces
    if replaced is not None and (replaced.is_frozen or not replaced.is_active):
        message = _("“%(other)s” is not in service any more.") % {"other": replaced}
        return [Blocker("nothing_to_replace", message, "field:replaces")]
    return []


def _successor(campaign: Campaign) -> Iterator[Blocker]:
    other = Campaign.objects.filter(replaces=campaign, archived_at=None, is_active=False).first()
    if other is not None:
        message = _("“%(other)s” takes its place: switch to that one.") % {"other": other}
        yield Blocker("replaced", message)


@transaction.atomic
def ask_now(campaign: Campaign, *, by: Any, now: datetime) -> None:
    """Have it done without waiting for its moment: a planned campaign is switched to, one in
    service is archived. The worker does it, at once."""
    campaign = _locked(campaign.pk)
    refuse_if(switching_blockers(campaign))
    before = values_of(campaign)
    name = "archive_at" if campaign.is_active else "switch_at"
    setattr(campaign, name, now)
    campaign.save(update_fields=[name])
    log_saved(campaign, before=before, by=by)
    log(campaign, CampaignEvent.ASKED_NOW, by=by)
    spur(SPUR)


@transaction.atomic
def switch(pk: int, *, now: datetime) -> bool:
    """Do what is due of the campaign `pk`. False when it was done meanwhile, or put off."""
    campaign = _locked(pk)
    if campaign.pk not in due(now=now):
        return False
    refuse_if(switching_blockers(campaign))
    if campaign.is_active:
        _archive(campaign, now=now)
        return True
    campaign.is_active, campaign.activated_at = True, now
    campaign.save(update_fields=["is_active", "activated_at"])
    log(campaign, CampaignEvent.SWITCHED_TO, replaces=campaign.replaces_id)
    if campaign.replaces_id is not None:
        _archive(_locked(campaign.replaces_id), now=now)
    return True


def _archive(campaign: Campaign, *, now: datetime) -> None:
    campaign.is_active, campaign.archived_at = False, now
    campaign.save(update_fields=["is_active", "archived_at"])
    log(campaign, CampaignEvent.ARCHIVED, applications=_archive_applications(campaign))


def _archive_applications(campaign: Campaign) -> int:
    """All of them, cancelled ones too; how many. They are locked in one order first, as releases
    lock them."""
    mine = Application.objects.filter(intake__campaign=campaign, archived_at=None)
    locked = mine.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(locked.values_list("pk", flat=True))
    return mine.update(archived_at=campaign.archived_at)


def archive_late(*, now: datetime) -> int:
    """Applications that somebody was making at the very moment of the switch; how many."""
    late = Application.objects.filter(intake__campaign__archived_at__lte=now, archived_at=None)
    return late.update(archived_at=now)


def _locked(pk: int) -> Campaign:
    return Campaign.objects.select_related("replaces").locked(pk)
