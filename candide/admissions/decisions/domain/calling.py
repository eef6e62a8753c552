"""Calling from the reserve list by hand (« appeler le suivant ») [back-office 15.3, 15.4]."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candide.admissions.applications.domain.editing import lock_intake
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.automatic import given_by_itself, types_to_give
from candide.admissions.decisions.domain.ranking import places_of, ranked
from candide.admissions.decisions.domain.reserve_list import call
from candide.admissions.decisions.enums import CallEnd, DecisionEvent
from candide.admissions.decisions.models import DecisionType
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Intake

MOST = 200


@dataclass(frozen=True)
class Asked:
    """How many are to be called, with which decision; `is_beyond` allows more than places are
    free."""

    number: int
    kind: DecisionType
    is_beyond: bool = False


def usual_kind(intake: Intake) -> DecisionType | None:
    """The decision one usually gives to who is called: that of the automatic call, else that of a
    proposal."""
    settings = given_by_itself(intake)
    return (settings.called or settings.favourable) if settings else None


def next_on_list(intake: Intake, asked: Asked) -> list[Application]:
    """Whom it would call, in order: nobody beyond the capacity unless that is wanted."""
    free = places_of(intake).free
    number = asked.number if asked.is_beyond or free is None else min(asked.number, free)
    return [application for _decision, application in ranked(intake)[: max(number, 0)]]


def calling_blockers(intake: Intake, asked: Asked) -> list[Blocker]:
    """Why nobody can be called; empty when somebody can."""
    return [*_campaign(intake), *_number(asked), *_kind(intake, asked), *_somebody(intake, asked)]


def calling_warnings(intake: Intake, asked: Asked) -> list[Blocker]:
    """What is unwise about calling so many: shown before confirming."""
    places = places_of(intake)
    if places.free is None:
        return []
    warnings = []
    if asked.number > places.free:
        message = ngettext(
            "Only %(free)d place is free: the call stops there, unless you go beyond the capacity.",
            "Only %(free)d places are free: the call stops there, unless you go beyond the "
            "capacity.",
            places.free,
        )
        warnings.append(Blocker("beyond_capacity", message % {"free": places.free}))
    if places.drafted and asked.number + places.drafted > places.free:
        message = ngettext(
            "%(number)d favourable decision is entered and not released: it will take a place too.",
            "%(number)d favourable decisions are entered and not released: they will take places "
            "too.",
            places.drafted,
        )
        warnings.append(Blocker("drafted", message % {"number": places.drafted}))
    return warnings


@transaction.atomic
def call_next(
    intake: Intake,
    asked: Asked,
    *,
    by: Any,
    now: datetime,
    seen: Sequence[int] | None = None,
) -> list[Application]:
    """Call the next of the list, by mail and at once. `seen` are the keys of those that were shown:
    if others would be called by now, refuses "changed", so nobody is called unseen or twice."""
    lock_intake(intake.pk)
    intake = Intake.objects.with_offer().get(pk=intake.pk)
    refuse_if(calling_blockers(intake, asked))
    following = next_on_list(intake, asked)
    if seen is not None and list(seen) != [application.pk for application in following]:
        message = _("The list changed meanwhile. Look at who would be called now.")
        refuse_if([Blocker("changed", message)])
    called = call(following, asked.kind, by=by, now=now)
    log(
        intake,
        DecisionEvent.LIST_CALLED,
        by=by,
        asked=asked.number,
        called=[application.pk for application in called],
        end=_end(intake, asked, called=len(called)),
    )
    return called


def _end(intake: Intake, asked: Asked, *, called: int) -> CallEnd:
    if called == asked.number:
        return CallEnd.ASKED
    return CallEnd.NOBODY if not ranked(intake) else CallEnd.FULL


def _campaign(intake: Intake) -> Iterator[Blocker]:
    if intake.campaign.archived_at is not None:
        yield Blocker("archived", _("This programme belongs to a past campaign."))


def _number(asked: Asked) -> Iterator[Blocker]:
    if not 1 <= asked.number <= MOST:
        message = _("Call between 1 and %(most)d at once.")
        yield Blocker("number", message % {"most": MOST}, "field:number")


def _kind(intake: Intake, asked: Asked) -> Iterator[Blocker]:
    if not types_to_give(intake).filter(pk=asked.kind.pk).exists():
        message = _("“%(type)s” cannot be given here.")
        yield Blocker("not_to_be_given", message % {"type": asked.kind}, "field:kind")


def _somebody(intake: Intake, asked: Asked) -> Iterator[Blocker]:
    if not ranked(intake):
        yield Blocker("nobody", _("Nobody waits on the reserve list."))
    elif not next_on_list(intake, asked):
        yield Blocker("full", _("No place is free."))
