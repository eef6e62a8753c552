"""The journal of sign-ins (« journal des connexions »): who came in and how, which attempts were
refused. Neither what was typed nor where it came from is kept."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from candide.foundation.history.domain.log import log
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.enums import SignInEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution

NOBODY = 0  # whom an attempt at an account there is not is about


def note_sign_in(user: User, *, way: str) -> None:
    """`user` came in, by a password or through the institution (`way`)."""
    log(user, SignInEvent.SIGNED_IN, by=user, way=way)


def note_refusal(user: User | None) -> None:
    """Somebody gave a wrong password for `user`, or named no account there is: that is written
    alike, so that neither takes longer."""
    log(user or User(pk=NOBODY), SignInEvent.REFUSED)


def sign_ins() -> QuerySet[HistoryEntry]:
    """What is in the journal, newest first."""
    return HistoryEntry.objects.filter(event__in=SignInEvent.values).order_by("-pk")


def old_sign_ins(*, now: datetime) -> QuerySet[HistoryEntry]:
    """Those kept as long as the institution wants."""
    kept = timedelta(days=Institution.current().sign_in_days)
    return sign_ins().filter(at__lt=now - kept).order_by()
