"""Accounts nobody uses (« comptes inutilisés »): the holder applied to nothing, or their
applications were destroyed with the campaign, and nobody signed in for as long as the institution
says. They are told a month before, and signing in keeps the account; then all of it goes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.last_manager import lock_rights
from candide.institution.access.models import Assignment
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail
from candide.reporting.privacy.domain.erasing import erase
from candide.reporting.privacy.mails import AccountUnused

NOTICE = timedelta(days=30)
A_DAY = timedelta(days=1)  # a mail is sent on the day it is written, as a rule
# Told of it, and not seen since.
TOLD = (
    Q(unused_announced_at__isnull=False)
    & (Q(last_login=None) | Q(last_login__lte=F("unused_announced_at")))
    & (Q(activated_at=None) | Q(activated_at__lte=F("unused_announced_at")))
)


def _unused(*, at: datetime) -> QuerySet[User]:
    """Accounts that will have been kept long enough at that moment, if nobody signs in until then.
    Whoever works here, or has an application left, keeps theirs."""
    since = at - timedelta(days=Institution.current().unused_days)
    theirs = Q(candidate__user=OuterRef("pk")) | Q(candidate__user__merged_into=OuterRef("pk"))
    return (
        User.objects.filter(
            Q(last_login=None) | Q(last_login__lt=since),
            Q(activated_at=None) | Q(activated_at__lt=since),
            created_at__lt=since,
            file_number__isnull=False,
            merged_into=None,
            is_superuser=False,
        )
        .exclude(Exists(Assignment.objects.filter(user=OuterRef("pk"))))
        .exclude(Exists(Application.objects.filter(theirs)))
        .order_by("pk")
    )


def to_announce(*, now: datetime) -> QuerySet[User]:
    """Those to be erased within the notice whose holders were not told."""
    return _unused(at=now + NOTICE).exclude(TOLD)


def to_erase(*, now: datetime) -> QuerySet[User]:
    """Those kept long enough, whose holders were told long enough ago and did not sign in."""
    return _unused(at=now).filter(TOLD, ~_untold(now), unused_announced_at__lte=now - NOTICE)


def _untold(now: datetime) -> Exists:
    """The mail that tells them was held back, as after a backup, or went out late since then. An
    address that takes none was tried."""
    mails = OutgoingMail.objects.filter(
        kind=AccountUnused.code,
        for_user_id=OuterRef("pk"),
        queued_at__gte=OuterRef("unused_announced_at"),
    )
    held = Q(attempts=0, status__in=[MailStatus.FAILED, MailStatus.CANCELLED])
    return Exists(mails.filter(held | Q(sent_at__gt=now - NOTICE + A_DAY)))


@transaction.atomic
def announce(pk: int, *, now: datetime) -> None:
    """Tell the holder, once. Who cannot sign in gets no mail that asks them to."""
    user = User.objects.locked(pk)
    if not to_announce(now=now).filter(pk=pk).exists():
        raise Refused([Blocker("used", _("The account is used, or its holder was told."))])
    user.unused_announced_at = now
    user.save(update_fields=["unused_announced_at"])
    log(user, AccountEvent.UNUSED)
    if user.is_active and user.activated_at is not None:
        AccountUnused(user, moment=now + NOTICE).send()


@transaction.atomic
def erase_unused(pk: int, *, now: datetime) -> None:
    """Erase everything there is of the holder, who was told, unless they came back meanwhile."""
    lock_rights()
    user = User.objects.locked(pk)
    if not to_erase(now=now).filter(pk=pk).exists():
        raise Refused([Blocker("used", _("The account is used again."))])
    erase(user, by=None, now=now, with_mail=False)
