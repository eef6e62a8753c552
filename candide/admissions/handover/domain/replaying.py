"""What staff do with pre-enrolments: hand over again, put aside, say that files were loaded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.handover.domain.asking import tell_soon
from candide.admissions.handover.domain.deliveries import emptied_blockers
from candide.admissions.handover.domain.moving import move, save, say
from candide.admissions.handover.enums import WAITING, HandoverEvent, HandoverState
from candide.admissions.handover.models import Delivery, PreEnrolment
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log

MOST_AT_ONCE = 5000


def replaying_blockers(row: PreEnrolment) -> list[Blocker]:
    """Why nothing can be handed over again."""
    if row.state == HandoverState.WITHDRAWN:
        message = _("There is nothing to hand over: it was withdrawn.")
        return [Blocker("withdrawn", message)]
    return _archived(row)


def aside_blockers(row: PreEnrolment, *, now: datetime) -> list[Blocker]:
    """Why the hand-over cannot be put aside: only what was not told yet, or refused, can."""
    if row.state not in {*WAITING, HandoverState.REFUSED}:
        return [Blocker("not_waiting", _("Nothing waits to be handed over here."))]
    if row.leased_until is not None and row.leased_until > now:
        return [Blocker("being_told", _("It is being handed over at this moment."))]
    return _archived(row)


def _archived(row: PreEnrolment) -> list[Blocker]:
    """Of a past campaign, withdrawals alone are still told."""
    if row.is_wanted and row.application.archived_at is not None:
        return [Blocker("archived", _("This application belongs to a past campaign."))]
    return []


@transaction.atomic
def replay(pks: Sequence[int], *, by: Any, now: datetime) -> int:
    """Tell the student system of these again (« recharger »), withdrawals included; how many."""
    refuse_if(_number_blockers(pks))
    rows = [row for row in _locked(pks) if not replaying_blockers(row)]
    for row in rows:
        if row.state in WAITING:
            row.next_attempt_at = now
        else:
            wanted = HandoverState.TO_SEND if row.is_wanted else HandoverState.TO_WITHDRAW
            move(row, wanted, now=now)
    save(rows)
    say(rows, HandoverEvent.REPLAYED, by=by)
    tell_soon(rows)
    return len(rows)


@transaction.atomic
def put_aside(pks: Sequence[int], *, by: Any, now: datetime) -> int:
    """Tell the student system nothing of these (« annuler les OPI en attente »); how many. They
    may be handed over again."""
    refuse_if(_number_blockers(pks))
    rows = [row for row in _locked(pks) if not aside_blockers(row, now=now)]
    for row in rows:
        move(row, HandoverState.ASIDE, now=now)
        row.claim = row.leased_until = None  # of a worker that died
    save(rows)
    say(rows, HandoverEvent.ASIDE, by=by)
    return len(rows)


def loading_blockers(delivery: Delivery) -> list[Blocker]:
    """Why it cannot be said that the files of `delivery` are loaded."""
    if delivery.loaded_at is not None:
        return [Blocker("loaded", _("These files are said to be loaded already."))]
    return emptied_blockers(delivery)


@transaction.atomic
def say_loaded(delivery: Delivery, *, by: Any, now: datetime) -> int:
    """The files were loaded into the student system: who is in them is there. How many."""
    delivery = Delivery.objects.locked(delivery.pk)
    refuse_if(loading_blockers(delivery))
    delivery.loaded_at, delivery.loaded_by = now, by
    delivery.save(update_fields=["loaded_at", "loaded_by"])
    sent = PreEnrolment.objects.last_in(delivery).filter(state=HandoverState.SENT)
    rows = list(sent.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        move(row, HandoverState.ACCEPTED, now=now)
    save(rows)
    log(delivery, HandoverEvent.LOADED, by=by, number=len(rows))
    say(rows, HandoverEvent.ACCEPTED, by=by)
    return len(rows)


def _number_blockers(pks: Sequence[int]) -> list[Blocker]:
    if len(pks) > MOST_AT_ONCE:
        message = _("At most %(most)d at once: narrow the search.") % {"most": MOST_AT_ONCE}
        return [Blocker("too_many", message)]
    return []


def _locked(pks: Sequence[int]) -> list[PreEnrolment]:
    rows = PreEnrolment.objects.select_for_update(of=("self",)).filter(pk__in=list(pks))
    return list(rows.select_related("application").order_by("pk"))
