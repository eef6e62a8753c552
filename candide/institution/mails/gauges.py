from datetime import datetime

from django.db.models import Min

from candide.core.gauges import gauge
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

WATCHED = (MailStatus.QUEUED, MailStatus.SENDING, MailStatus.FAILED)


@gauge(
    "candide_mails",
    "Mails of the outbox that did not arrive yet, or did not at all.",
    label="status",
)
def mails(now: datetime) -> dict[str, float]:
    return {str(each): OutgoingMail.objects.filter(status=each).count() for each in WATCHED}


@gauge("candide_oldest_mail_seconds", "For how long the oldest mail to be sent has been waiting.")
def oldest_mail(now: datetime) -> float:
    waiting = OutgoingMail.objects.filter(status__in=[MailStatus.QUEUED, MailStatus.SENDING])
    oldest = waiting.aggregate(oldest=Min("queued_at"))["oldest"]
    return 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)
