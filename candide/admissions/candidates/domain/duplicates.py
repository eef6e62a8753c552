"""Settling pairs of accounts that look like one person's, otherwise than by merging them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from candide.admissions.candidates.enums import CandidateEvent
from candide.admissions.candidates.models import PossibleDuplicate
from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import log
from candide.institution.accounts.models import User


def open_pairs() -> QuerySet[PossibleDuplicate]:
    """The pairs nobody settled, newest first."""
    pairs = PossibleDuplicate.objects.filter(
        settled_at=None, one__merged_into=None, other__merged_into=None
    )
    return pairs.select_related("one__candidate", "other__candidate").order_by("-found_at", "-pk")


@transaction.atomic
def name_pair(number: str, other: str, *, now: datetime) -> PossibleDuplicate:
    """The pair of two file numbers, as staff name it: it may be one nothing else found."""
    users = [
        User.objects.filter(file_number=text.strip().upper(), merged_into=None).first()
        for text in (number, other)
    ]
    if users[0] is None or users[1] is None or users[0] == users[1]:
        message = _("Give the numbers of two files that are not merged yet.")
        raise Refused([Blocker("unknown", message)])
    one, two = sorted((users[0], users[1]), key=lambda user: user.pk)
    pair, is_new = PossibleDuplicate.objects.get_or_create(
        one=one, other=two, defaults={"found_at": now}
    )
    if not is_new and pair.settled_at is not None:
        pair.settled_at = pair.settled_by = None
        pair.save(update_fields=["settled_at", "settled_by"])
    return pair


@transaction.atomic
def declare_distinct(pair: PossibleDuplicate, *, by: Any, now: datetime) -> None:
    """They are two people: the pair is not shown again."""
    pair = PossibleDuplicate.objects.select_for_update(of=("self",)).get(pk=pair.pk)
    if pair.settled_at is not None:
        return
    pair.settled_at, pair.settled_by = now, by
    pair.save(update_fields=["settled_at", "settled_by"])
    for user_id, other_id in ((pair.one_id, pair.other_id), (pair.other_id, pair.one_id)):
        log(User(pk=user_id), CandidateEvent.DECLARED_DISTINCT, by=by, other=other_id)
