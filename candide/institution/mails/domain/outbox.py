"""What staff do with mails in the outbox (« journal des mails »)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log, log_many
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.sending import BLANKED
from candide.institution.mails.enums import MailEvent, MailStatus
from candide.institution.mails.models import OutgoingMail

ENDED = (MailStatus.SENT, MailStatus.FAILED, MailStatus.CANCELLED, MailStatus.KEPT)
SECOND_TRY = timedelta(days=5)
AT_ONCE = 5000


def can_be_read(mail: OutgoingMail) -> bool:
    """Whether the words of `mail` may be shown to staff. A mail that signs its reader in may not:
    who reads the outbox must not be able to become the candidate. In a demonstration, where the
    outbox is the only way to get it, it may."""
    return not mail.is_secret or settings.DEMO


def retry_blockers(mail: OutgoingMail) -> list[Blocker]:
    """Why `mail` may not be sent again."""
    if mail.status != MailStatus.FAILED:
        return [Blocker("not_failed", _("Only a mail that could not be delivered is sent again."))]
    if mail.is_secret:
        return [
            Blocker(
                "secret",
                _("This mail held a personal link, which is not kept; its reader can ask for one."),
            )
        ]
    return []


@transaction.atomic
def retry(mail: OutgoingMail, *, by: Any, now: datetime) -> None:
    """Try once more, as long again, what could not be delivered."""
    mail = OutgoingMail.objects.locked(mail.pk)
    refuse_if(retry_blockers(mail))
    mail.status = MailStatus.QUEUED
    mail.attempts = 0
    mail.next_attempt_at = now
    mail.give_up_at = now + SECOND_TRY
    mail.save(update_fields=["status", "attempts", "next_attempt_at", "give_up_at"])
    log(mail, MailEvent.RETRIED, by=by)


@transaction.atomic
def retry_all(mails: QuerySet[OutgoingMail], *, by: Any, now: datetime) -> int:
    """`retry` for all of `mails` that may be, the oldest `AT_ONCE` of them; how many."""
    failed = mails.filter(status=MailStatus.FAILED, is_secret=False).order_by("pk")
    found = list(failed.values_list("pk", flat=True)[:AT_ONCE])
    locked = OutgoingMail.objects.select_for_update(of=("self",)).order_by("pk")
    rows = list(locked.filter(pk__in=found, status=MailStatus.FAILED).only("pk"))
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=MailStatus.QUEUED, attempts=0, next_attempt_at=now, give_up_at=now + SECOND_TRY
    )
    log_many(((row, {}) for row in rows), MailEvent.RETRIED, by=by)
    return len(rows)


def cancel_blockers(mail: OutgoingMail) -> list[Blocker]:
    """Why `mail` may not be cancelled."""
    if mail.status not in {MailStatus.QUEUED, MailStatus.FAILED}:
        return [Blocker("not_waiting", _("This mail is not waiting to be sent."))]
    return []


@transaction.atomic
def cancel(mail: OutgoingMail, *, by: Any) -> None:
    """Do not send it after all."""
    mail = OutgoingMail.objects.locked(mail.pk)
    refuse_if(cancel_blockers(mail))
    mail.status = MailStatus.CANCELLED
    if mail.is_secret:
        mail.text, mail.html = BLANKED["text"], BLANKED["html"]
    mail.save(update_fields=["status", "text", "html"])
    log(mail, MailEvent.CANCELLED, by=by)


@transaction.atomic
def hold_restored() -> int:
    """A backup was put back: what waited when it was made may have been sent since, and goes to
    nobody a second time unless staff say so. Personal links are not kept. How many."""
    waiting = OutgoingMail.objects.filter(status__in=[MailStatus.QUEUED, MailStatus.SENDING])
    waiting.filter(is_secret=True).update(**BLANKED)
    return waiting.update(
        status=MailStatus.FAILED,
        claim=None,
        leased_until=None,
        last_error=_("A backup was restored: this mail may have been sent already."),
    )


def old_mails(*, now: datetime) -> QuerySet[OutgoingMail]:
    """Those kept as long as the institution wants, and no longer to be sent."""
    kept = timedelta(days=Institution.current().mail_days)
    return OutgoingMail.objects.filter(queued_at__lt=now - kept, status__in=ENDED)


@transaction.atomic
def erase_mails(*, users: Collection[int] = (), about: Collection[tuple[str, int]] = ()) -> int:
    """Delete the mails for some accounts, and those about the given things, as (type, id): part of
    erasing people. How many."""
    wanted = Q(for_user_id__in=users)
    for kind in {kind for kind, _pk in about}:
        wanted |= Q(about_type=kind, about_id__in=[pk for each, pk in about if each == kind])
    mails = OutgoingMail.objects.filter(wanted)
    number = mails.count()
    mails.delete()
    return number
