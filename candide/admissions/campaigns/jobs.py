"""The jobs of this room."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.admissions.campaigns.domain.destroying import (
    TOGETHER,
    announce,
    begin,
    destroy_applications,
    finish,
    left_of,
    to_announce,
    to_destroy,
)
from candide.admissions.campaigns.domain.switching import archive_late, due, switch
from candide.foundation.jobs.registry import job


@job(
    "switch-campaigns",
    every=timedelta(minutes=5),
    title=_("Switch to the campaigns whose moment has come, archive the others"),
)
def switch_campaigns(now: datetime, run: Any) -> None:
    run.each(due(now=now), lambda pk: switch(pk, now=now))
    run.count(late=archive_late(now=now))


@job(
    "announce-destructions",
    at="08:10",
    title=_("Announce which old campaigns are to be destroyed"),
)
def announce_destructions(now: datetime, run: Any) -> None:
    pks = to_announce(now=now).values_list("pk", flat=True)
    run.each(list(pks), lambda pk: announce(pk, now=now))


@job(
    "destroy-campaigns",
    at="03:10",
    title=_("Destroy the applications of campaigns kept long enough"),
    destroys=True,
)
def destroy_campaigns(now: datetime, run: Any) -> None:
    """One that could not be destroyed is tried again the next night, before the campaign ends."""
    for campaign in list(to_destroy(now=now).values_list("pk", flat=True)):
        begin(campaign, now=now)
        run.together(
            left_of(campaign), lambda pks: destroy_applications(pks, now=now), size=TOGETHER
        )
        run.count(campaigns=int(finish(campaign, now=now)))
