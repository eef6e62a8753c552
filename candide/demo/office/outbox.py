"""Mails that did not leave: refused by the other side, or waiting for it."""

from datetime import datetime, timedelta

from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

REFUSED = (
    "550 5.1.1 <candidat> : boîte inconnue",
    "552 5.2.2 boîte pleine depuis trente jours",
)
WAITING = "450 4.2.1 réessayez plus tard"
HOUR = timedelta(hours=1)


def hold_mails(*, now: datetime) -> None:
    """Two of the mails about applications failed for good, two are tried again in some hours."""
    mails = list(OutgoingMail.objects.filter(about_type__gt="", copy_to="").order_by("-pk")[:4])
    for mail, words in zip(mails, (*REFUSED, WAITING, WAITING), strict=False):
        is_refused = words in REFUSED
        mail.status = MailStatus.FAILED if is_refused else MailStatus.QUEUED
        mail.sent_at, mail.last_error = None, words
        mail.attempts = 1 if is_refused else 3
        mail.attempted_at = now - HOUR
        mail.tries = [
            [(now - HOUR * place).isoformat(), words] for place in range(mail.attempts, 0, -1)
        ]
        mail.next_attempt_at = now + 3 * HOUR
        mail.give_up_at = now + timedelta(days=4)
    fields = "status sent_at last_error attempts attempted_at tries next_attempt_at give_up_at"
    OutgoingMail.objects.bulk_update(mails, fields.split())
