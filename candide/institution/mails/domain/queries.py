"""What the outbox page and the pages of applications ask."""

from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail


def outbox(
    *,
    status: str = "",
    kind: str = "",
    address: str = "",
    about: Model | None = None,
    for_user: Any = None,
    with_copies: bool = True,
) -> QuerySet[OutgoingMail]:
    """Mails, newest first, without their words; go on from one page to the next with
    `before()`."""
    mails = OutgoingMail.objects.defer("text", "html").order_by("-pk")
    if status:
        mails = mails.filter(status=status)
    if kind:
        mails = mails.filter(kind=kind)
    if address:
        mails = mails.filter(Q(to__icontains=address) | Q(copy_to__icontains=address))
    if about is not None:
        mails = mails.filter(about_type=about._meta.label_lower, about_id=about.pk)
    if for_user is not None:
        mails = mails.filter(for_user_id=for_user.pk)
    if not with_copies:
        mails = mails.filter(copy_to="")
    return mails


def before(mails: QuerySet[OutgoingMail], pk: int | None) -> QuerySet[OutgoingMail]:
    """The mails older than `pk`: the next page costs the same however far down it is."""
    return mails if pk is None else mails.filter(pk__lt=pk)


def numbers_by_status() -> dict[str, int]:
    """How many mails there are in each status, zeros included."""
    counted = OutgoingMail.objects.order_by("status").values_list("status").annotate(Count("pk"))
    return {**dict.fromkeys(MailStatus.values, 0), **dict(counted)}
