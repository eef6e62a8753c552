"""Sending what is queued. Each mail is claimed by a lease, sent, and settled alone, on any number
of machines; a crash between the server's acceptance and our commit repeats that one mail, with the
same Message-ID."""

import logging
import smtplib
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Count

from candide.core.failures import frames, summary
from candide.foundation.files.domain.blobs import read_blob
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.institution.mails.rendering import document

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
MOST_ATTEMPTS = 40
BLANKED = {"text": "", "html": ""}

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt."""

    status: MailStatus
    error: str = ""


def send_due(*, clock: Clock, limit: int = 50) -> int:
    """Send up to `limit` mails that are due; how many attempts that took."""
    if not settings.SEND_MAILS:
        return _keep_all(now=clock())
    _recover(now=clock())
    attempts = 0
    connection = get_connection()
    try:
        while attempts < limit and (mail := claim(now=clock())) is not None:
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                _wait_for_the_server(mail, error, now=clock())
                break
            attempts += 1
            outcome = _deliver(connection, mail)
            settle(mail, outcome, now=clock())
            if outcome.status != MailStatus.SENT:
                _close(connection)  # what the server thinks of the next mail is asked afresh
    finally:
        _close(connection)
    return attempts


# -- Claiming -------------------------------------------------------------------------------------


def claim(*, now: datetime) -> OutgoingMail | None:
    """Make the next mail that is due ours for ten minutes: urgent ones first, the others at the
    pace their domain stands."""
    due = OutgoingMail.objects.filter(status=MailStatus.QUEUED, next_attempt_at__lte=now)
    if not due.exists():
        return None
    with transaction.atomic():
        mail = (
            due.select_for_update(skip_locked=True)
            .exclude(domain__in=_domains_at_their_pace(now), is_urgent=False)
            .order_by("-is_urgent", "next_attempt_at", "pk")
            .first()
        )
        if mail is None:
            return None
        mail.status = MailStatus.SENDING
        mail.claim = uuid.uuid4()
        mail.leased_until = now + LEASE
        mail.attempted_at = now
        mail.attempts += 1
        mail.save(update_fields=["status", "claim", "leased_until", "attempted_at", "attempts"])
    return mail


def _domains_at_their_pace(now: datetime) -> list[str]:
    recent = OutgoingMail.objects.filter(attempted_at__gt=now - timedelta(minutes=1))
    return list(
        recent.values("domain")
        .annotate(number=Count("pk"))
        .filter(number__gte=settings.MAILS_PER_MINUTE)
        .order_by("domain")
        .values_list("domain", flat=True)
    )


def _recover(*, now: datetime) -> None:
    """Mails whose worker died while sending them are due again, but not for ever."""
    left = OutgoingMail.objects.filter(status=MailStatus.SENDING, leased_until__lte=now)
    if not left.exists():
        return
    for mail in left.filter(attempts__gte=MOST_ATTEMPTS).order_by("pk"):
        settle(mail, Outcome(MailStatus.FAILED, "the worker died each time"), now=now)
    left.update(status=MailStatus.QUEUED, claim=None, leased_until=None, next_attempt_at=now)


def _keep_all(*, now: datetime) -> int:
    """Where mails are not sent at all, what is due is kept to be read."""
    queued = OutgoingMail.objects.filter(status=MailStatus.QUEUED, next_attempt_at__lte=now)
    if queued.exists():
        queued.update(status=MailStatus.KEPT)
    return 0


# -- Delivering -----------------------------------------------------------------------------------


def _wait_for_the_server(mail: OutgoingMail, error: Exception, *, now: datetime) -> None:
    """The mail server does not let us in. No mail is to blame: all wait a minute."""
    said = _said(error)
    logger.error("mail server: %s", said)
    OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim).update(
        status=MailStatus.QUEUED,
        claim=None,
        leased_until=None,
        last_error=said,
        attempts=mail.attempts - 1,
    )
    waiting = OutgoingMail.objects.filter(status=MailStatus.QUEUED)
    waiting.filter(next_attempt_at__lt=now + PAUSE).update(next_attempt_at=now + PAUSE)


def _close(connection: Any) -> None:
    with suppress(smtplib.SMTPException, OSError):
        connection.close()


def _deliver(connection: Any, mail: OutgoingMail) -> Outcome:
    try:
        message = message_of(mail)
    except OSError as error:
        return Outcome(MailStatus.QUEUED, summary(error))
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as refusal:
        code, words = refusal.recipients[min(refusal.recipients)]
        return _verdict(code, words)
    except smtplib.SMTPDataError as refusal:
        return _verdict(refusal.smtp_code, refusal.smtp_error)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        return Outcome(MailStatus.FAILED, summary(error))
    except (smtplib.SMTPException, OSError) as error:  # hung up, silent, or refuses our address
        return Outcome(MailStatus.QUEUED, _said(error))
    except Exception as error:
        logger.error("mail %s: %s\n%s", mail.pk, summary(error), frames(error))
        return Outcome(MailStatus.QUEUED, summary(error))
    return Outcome(MailStatus.SENT)


def _verdict(code: int, words: bytes | str) -> Outcome:
    """What the server said of this mail: 5xx is for good, 4xx for now."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    is_final = 500 <= code < 600
    return Outcome(MailStatus.FAILED if is_final else MailStatus.QUEUED, f"{code} {said}"[:500])


def _said(error: Exception) -> str:
    """The server's words if it spoke, else what went wrong."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _verdict(error.smtp_code, error.smtp_error).error
    return summary(error)


def message_of(mail: OutgoingMail) -> EmailMultiAlternatives:
    """The message as it goes over the line."""
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": mail.language,
    }
    if mail.copy_to:
        headers["To"] = mail.to  # a blind copy: written to the one, delivered to the other
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=sender(),
        to=[] if mail.copy_to else [mail.to],
        bcc=[mail.copy_to] if mail.copy_to else [],
        reply_to=[mail.reply_to] if mail.reply_to else [],
        headers=headers,
    )
    whole = document(subject=mail.subject, html=mail.html, language=mail.language)
    message.attach_alternative(whole, "text/html")
    for attachment in mail.attachments.select_related("file").order_by("pk"):
        with read_blob(attachment.file.key) as content:
            message.attach(attachment.name, content.read(), attachment.file.media_type)
    return message


def sender() -> str:
    """The institution's name over the address of the deployment."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or " ".join(Institution.current().name.split()), address))


# -- Settling -------------------------------------------------------------------------------------


def settle(mail: OutgoingMail, outcome: Outcome, *, now: datetime) -> None:
    """Write what came of the attempt, unless the lease ran out and another worker has the mail.
    What signs somebody in is not kept once it is of no more use."""
    status = outcome.status
    has_had_its_time = now >= mail.give_up_at or mail.attempts >= MOST_ATTEMPTS
    if status == MailStatus.QUEUED and has_had_its_time:
        status = MailStatus.FAILED
    changes: dict[str, Any] = {
        "status": status,
        "claim": None,
        "leased_until": None,
        "last_error": outcome.error[:500],
        "next_attempt_at": now + wait_after(mail.attempts),
        "sent_at": now if status == MailStatus.SENT else None,
    }
    if status != MailStatus.SENT:
        changes["tries"] = [*mail.tries, [now.isoformat(), outcome.error[:500]]][-MOST_ATTEMPTS:]
    if mail.is_secret and status in {MailStatus.SENT, MailStatus.FAILED}:
        changes |= BLANKED
    OutgoingMail.objects.filter(pk=mail.pk, claim=mail.claim).update(**changes)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes, at most four hours.

    >>> wait_after(3)
    datetime.timedelta(seconds=240)
    """
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_WAIT)
