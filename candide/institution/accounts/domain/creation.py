"""Creating an account [ACC-01…13]. A known and an unknown e-mail address get the same answer: the
action tells nothing, the mail tells its owner."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.file_numbers import issue_file_number
from candide.institution.accounts.domain.links import make_link
from candide.institution.accounts.domain.sso import Identity, identity_blockers
from candide.institution.accounts.domain.words import clean_email, clean_name
from candide.institution.accounts.enums import AccountEvent, LinkPurpose
from candide.institution.accounts.mails import AccountCreated, AccountExists
from candide.institution.accounts.models import MailedLink, User
from candide.institution.catalogue.domain.gate import gate_blockers
from candide.institution.catalogue.models import Institution

ACTIVATION_ENDS = time(23, 0)
SAME_SUBMISSION = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """What a person typed to get an account, and where they were going."""

    last_name: str
    first_name: str
    email: str
    password: str | None
    language: str
    next_page: str = ""
    notice_version: str = ""


def creation_blockers(*, today: date, identity: Identity | None = None) -> list[Blocker]:
    """Why nobody, or not the person the institution signed in as `identity`, may create an
    account today [CAMP-03, ACC-15]."""
    found = gate_blockers(today=today)
    if identity is not None:
        found += identity_blockers(identity)
    elif not Institution.current().has_local_accounts:
        found.append(
            Blocker(
                "only_through_sso",
                _("Accounts are created only through the sign-in of the institution."),
            )
        )
    return found


@transaction.atomic
def create_account(new: NewAccount, *, now: datetime, identity: Identity | None = None) -> None:
    """Create the account, or tell the owner of the address by mail why there is none to create.
    An account never activated starts afresh with what was typed last, but for the password."""
    refuse_if(creation_blockers(today=localdate(now), identity=identity))
    email = clean_email(new.email)
    password = make_password(new.password)  # always, so that a known address takes as long
    if User.objects.filter(email=email).exists():
        _meet_existing(new, email, password, now=now, identity=identity)
        return
    try:
        with transaction.atomic():
            user = _create(new, email, password, now=now)
    except IntegrityError:  # the same address in another request, at this very moment
        _meet_existing(new, email, password, now=now, identity=identity)
        return
    log(user, AccountEvent.CREATED, by=user, sso=identity is not None)
    _send_activation(user, new, now=now, identity=identity)


def activation_end(now: datetime) -> datetime:
    """The last moment to activate an account created at `now` [ACC-09]."""
    day = localdate(now) + timedelta(days=Institution.current().activation_days)
    return timezone.make_aware(datetime.combine(day, ACTIVATION_ENDS))


def _create(new: NewAccount, email: str, password: str, *, now: datetime) -> User:
    user = User(email=email, file_number=issue_file_number(now=now), created_at=now)
    _fill_in(user, new, password, now=now)
    user.save()
    return user


def _fill_in(user: User, new: NewAccount, password: str, *, now: datetime) -> None:
    user.last_name = clean_name(new.last_name).upper()
    user.first_name = clean_name(new.first_name)
    user.password = password
    user.has_local_password = new.password is not None
    user.language = new.language
    user.notice_version = new.notice_version
    user.activation_due_at = activation_end(now)
    user.is_search_due = True


def _meet_existing(
    new: NewAccount, email: str, password: str, *, now: datetime, identity: Identity | None
) -> None:
    user = User.objects.select_for_update(of=("self",)).get(email=email)
    if not user.awaits_activation or not user.is_active:
        AccountExists(user).send()
        return
    if _is_same_submission(user, new, now=now, identity=identity):
        return
    _fill_in(user, new, password, now=now)
    # Of two people who type one address, one is a stranger to the mailbox: a password is chosen by
    # whoever opens the mail.
    user.set_unusable_password()
    user.has_local_password = False
    user.save()
    log(user, AccountEvent.CREATED, by=user, sso=identity is not None, again=True)
    _send_activation(user, new, now=now, identity=identity)


def _is_same_submission(
    user: User, new: NewAccount, *, now: datetime, identity: Identity | None
) -> bool:
    """Whether the form was sent twice, by a double click: the first mail stays the good one. Of an
    account that started afresh no password was kept, so there is none to compare."""
    just_now = MailedLink.objects.filter(
        user=user,
        purpose=LinkPurpose.ACTIVATION,
        made_at__gt=now - SAME_SUBMISSION,
        identity=identity.as_dict() if identity else {},
    )
    return (
        user.last_name == clean_name(new.last_name).upper()
        and user.first_name == clean_name(new.first_name)
        and just_now.exists()
        and (not user.has_local_password or check_password(new.password or "", user.password))
    )


def _send_activation(
    user: User, new: NewAccount, *, now: datetime, identity: Identity | None
) -> None:
    """The identity waits in the link: attached now, it would show whether the address was known,
    and to a mailbox nobody has proved [ACC-03]."""
    until = activation_end(now)
    secret = make_link(
        user,
        LinkPurpose.ACTIVATION,
        now=now,
        expires_at=until,
        next_page=new.next_page,
        identity=identity.as_dict() if identity else None,
    )
    AccountCreated(user, secret=secret, until=until).send()
