"""Messages between a candidate and the admissions office, in the application they are about
[beyond 2, complaint 21]. A mail announces each without its words."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.editing import lock_candidate
from candide.admissions.applications.domain.todo import Task
from candide.admissions.applications.models import Application
from candide.admissions.correspondence import mails
from candide.admissions.correspondence.enums import CorrespondenceEvent
from candide.admissions.correspondence.models import LONGEST_MESSAGE, Message
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.history.domain.log import log

# What one candidate may send, about all applications together.
MOST = ((timedelta(hours=1), 5), (timedelta(days=1), 20))


def writing_blockers(application: Application) -> list[Blocker]:
    """Why nobody may write about `application` any more; empty when one may. A cancelled one may
    have to be talked about."""
    if application.archived_at is None:
        return []
    return [Blocker("archived", _("This application belongs to a past campaign."))]


def asking_blockers(application: Application, *, now: datetime) -> list[Blocker]:
    """Why its candidate may not write now; empty when they may."""
    return [*writing_blockers(application), *_too_many(application, now)]


def thread_of(application: Application, *, with_authors: bool = False) -> list[Message]:
    """The messages about `application`, as they were sent. Only staff are told who of them wrote:
    `with_authors`."""
    rows = Message.objects.filter(application=application).order_by("sent_at", "pk")
    return list(rows.select_related("author") if with_authors else rows)


def with_unread(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Each with `has_message`: whether its candidate has a message to read."""
    unread = Message.objects.filter(
        application=OuterRef("pk"), is_from_candidate=False, read_at=None
    )
    return applications.annotate(has_message=Exists(unread))


def messages_to_read(applications: Iterable[Application]) -> list[Task]:
    """What candidates have to read, as things to do, of applications read `with_unread`."""
    return [
        Task(
            "message",
            _("Read the message of the admissions office."),
            f"application:{application.pk}/messages",
            programme=str(application.intake.programme),
        )
        for application in applications
        if application.has_message  # type: ignore[attr-defined]
    ]


@transaction.atomic
def write_to_candidate(application: Application, text: str, *, by: Any, now: datetime) -> Message:
    """Staff write to the candidate, who is told by mail. Whoever answers has read what was
    written."""
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if([*writing_blockers(application), *_text(text)])
    _read(application, from_candidate=True, by=by, now=now)
    message = _send(application, text, by=by, now=now, is_from_candidate=False)
    mails.MessageToCandidate(application).send()
    return message


@transaction.atomic
def write_to_staff(application: Application, text: str, *, by: Any, now: datetime) -> Message:
    """The candidate writes. The commission is told by mail, as it wants to be told, of the first
    message nobody has read yet: the others are found with it."""
    lock_candidate(application.candidate_id)
    application = Application.objects.with_offer().locked(application.pk)
    refuse_if([*asking_blockers(application, now=now), *_text(text)])
    _read(application, from_candidate=False, by=by, now=now)
    is_first = not _unread(application, from_candidate=True).exists()
    message = _send(application, text, by=by, now=now, is_from_candidate=True)
    if is_first:
        mails.CommissionMessage(application).send()
    return message


@transaction.atomic
def mark_read(application: Application, *, from_candidate: bool, by: Any, now: datetime) -> int:
    """What the other side wrote is read; how many messages it was."""
    application = Application.objects.locked(application.pk)
    number = _read(application, from_candidate=from_candidate, by=by, now=now)
    if number and from_candidate:
        log(application, CorrespondenceEvent.MESSAGES_READ, by=by, number=number)
    return number


def _send(
    application: Application, text: str, *, by: Any, now: datetime, is_from_candidate: bool
) -> Message:
    message = Message.objects.create(
        application=application,
        author=by,
        is_from_candidate=is_from_candidate,
        text=text.strip(),
        sent_at=now,
    )
    log(application, CorrespondenceEvent.MESSAGE_SENT, by=by, message=message.pk)
    return message


def _unread(application: Application, *, from_candidate: bool) -> Any:
    return Message.objects.filter(
        application=application, is_from_candidate=from_candidate, read_at=None
    )


def _read(application: Application, *, from_candidate: bool, by: Any, now: datetime) -> int:
    return _unread(application, from_candidate=from_candidate).update(read_at=now, read_by=by)


def _text(text: str) -> Iterator[Blocker]:
    if not text.strip():
        yield Blocker("empty", _("Write something."))
    if len(text.strip()) > LONGEST_MESSAGE:
        message = _("At most %(number)d characters.") % {"number": LONGEST_MESSAGE}
        yield Blocker("too_long", message)


def _too_many(application: Application, now: datetime) -> Iterator[Blocker]:
    sent = Message.objects.filter(
        application__candidate_id=application.candidate_id, is_from_candidate=True
    )
    for span, most in MOST:
        if sent.filter(sent_at__gt=now - span).count() >= most:
            yield Blocker(
                "too_many",
                _("You sent many messages lately. Wait for an answer, or try again later."),
            )
            return
