"""Doing today what the demonstration says happened on another day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from candide.foundation.history.models import HistoryEntry
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

TO_SEND = timedelta(minutes=1)


@contextmanager
def happening(moment: datetime) -> Iterator[datetime]:
    """What is done within is in the history as of `moment`, and its mails left a minute later."""
    entry, mail = _last(HistoryEntry), _last(OutgoingMail)
    yield moment
    HistoryEntry.objects.filter(pk__gt=entry).update(at=moment)
    sent = moment + TO_SEND
    OutgoingMail.objects.filter(pk__gt=mail).update(
        status=MailStatus.SENT,
        queued_at=moment,
        next_attempt_at=moment,
        give_up_at=moment + timedelta(days=5),
        attempts=1,
        attempted_at=sent,
        sent_at=sent,
    )


def _last(model: Any) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0
