"""What the outbox page and the pages of applications ask."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from candide.core.clock import start_of
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail


def outbox(
    *,
    kind: str = "",
    address: str = "",
    about: Model | None = None,
    people: Collection[int] | None = None,
    first: date | None = None,
    last: date | None = None,
    with_copies: bool = True,
) -> QuerySet[OutgoingMail]:
    """Mails, newest first, without their words: of a kind, to an address, about something, for
    some accounts, queued from a day until another."""
    mails = OutgoingMail.objects.defer("text", "html").order_by("-pk")
    if kind:
        mails = mails.filter(kind=kind)
    if address:
        mails = mails.filter(Q(to__iexact=address) | Q(copy_to__iexact=address))
    if about is not None:
        mails = mails.filter(about_type=about._meta.label_lower, about_id=about.pk)
    if people is not None:
        mails = mails.filter(for_user_id__in=people)
    if first is not None:
        mails = mails.filter(queued_at__gte=start_of(first))
    if last is not None:
        mails = mails.filter(queued_at__lt=start_of(last + timedelta(days=1)))
    if not with_copies:
        mails = mails.filter(copy_to="")
    return mails


def numbers_by_status(mails: Any = None) -> dict[str, int]:
    """How many of `mails` (all, by default) there are in each status, zeros included."""
    mails = OutgoingMail.objects.all() if mails is None else mails
    counted = mails.order_by("status").values_list("status").annotate(Count("pk"))
    return {**dict.fromkeys(MailStatus.values, 0), **dict(counted)}
