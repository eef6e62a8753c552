"""What belongs to a person's visits: their language, and ending every session."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from candide.foundation.history.domain.log import log
from candide.foundation.leases.domain.leasing import release_all
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User, Visit
from candide.institution.catalogue.domain.languages import languages_in_service


def choose_language(user: User, language: str) -> None:
    """The language of the person's pages and mails [AUTH-07]; one that is not in service is not
    kept."""
    if language in dict(languages_in_service()) and language != user.language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def end_all_sessions(user: User, *, by: User | None = None) -> User:
    """Sign the account out everywhere (« se déconnecter partout »); `by` is the person, unless an
    administrator does it."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    Visit.objects.filter(account_id=user.pk).delete()
    log(user, AccountEvent.SIGNED_OUT, by=by or user)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def end_session(visit: Visit, *, by: User) -> None:
    """End one session of somebody: whoever goes on with it signs in again."""
    user = User.objects.filter(pk=visit.account_id).first()
    visit.delete()
    if user is not None:
        log(user, AccountEvent.SESSION_ENDED, by=by)


def ticket_digest(provider: str, ticket: str) -> str:
    """How the ticket of a sign-in is kept: nobody reads from it what would end a session."""
    return hashlib.sha256(f"{provider}:{ticket}".encode()).hexdigest()


@transaction.atomic
def end_sessions_from(provider: str, *, ticket: str = "", subject: str = "") -> int:
    """The person signed out of the institution (« déconnexion unique »): the session `ticket` began
    is over here too, or every one through this provider where it names the person alone, and what
    they held is free. How many there were."""
    began, whose = ticket_digest(provider, ticket), ticket_digest(provider, subject)
    visits = Visit.objects.filter(subject=whose) if subject else Visit.objects.filter(ticket=began)
    if ticket and subject:  # of one that was begun without a ticket, only the person is known
        visits = visits.filter(ticket__in=[began, ""])
    ended = list(visits)
    for visit in ended:
        visit.delete()
        user = User.objects.filter(pk=visit.account_id).first()
        if user is not None:
            release_all(by=user)
            log(user, AccountEvent.SESSION_ENDED, by=user)
    return len(ended)


def live_sessions(*, now: datetime) -> QuerySet[Visit]:
    """The sessions of people who are signed in now."""
    return Visit.objects.filter(account_id__isnull=False, expire_date__gt=now)
