"""An account that staff open for a candidate (« créer un compte ») [27.1]: a mail leads its holder
to activating it and choosing a password, which is never in a mail nor known to staff."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.creation import activation_end
from candide.institution.accounts.domain.file_numbers import issue_file_number
from candide.institution.accounts.domain.identifiers import make_password_link
from candide.institution.accounts.domain.links import make_activation_link_again
from candide.institution.accounts.domain.words import clean_email, clean_name, is_name
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import (
    AccountOpened,
    ActivationResent,
    ForgottenIdentifiers,
)
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Campaign


@dataclass(frozen=True, kw_only=True)
class AccountEntry:
    """What staff say of a candidate's account. `is_continuing_education`: the person applies as
    somebody who works (« formation continue ») [S0-23]."""

    last_name: str
    first_name: str
    language: str
    student_number: str = ""
    is_continuing_education: bool = False


def tidy_entry(entry: AccountEntry) -> AccountEntry:
    """`entry` as it is written down."""
    return AccountEntry(
        last_name=clean_name(entry.last_name).upper(),
        first_name=clean_name(entry.first_name),
        language=entry.language,
        student_number=entry.student_number.strip(),
        is_continuing_education=entry.is_continuing_education,
    )


def entry_blockers(entry: AccountEntry, *, user: User | None = None) -> list[Blocker]:
    """What is wrong with `entry` (tidied) for `user`, or for a new account."""
    found = []
    for name in ("last_name", "first_name"):
        text = getattr(entry, name)
        if text and not is_name(text):
            message = _("Write it with letters, spaces, apostrophes and hyphens.")
            found.append(Blocker("no_name", message, f"field:{name}"))
    if not entry.last_name:
        found.append(Blocker("required", _("This field is required."), "field:last_name"))
    others = User.objects.exclude(pk=user.pk if user else None)
    if entry.student_number and others.filter(student_number=entry.student_number).exists():
        found.append(_number_taken())
    return found


def address_blockers(email: str, *, user: User | None = None) -> list[Blocker]:
    """Why the account cannot have this address: staff may know that another one has it."""
    others = User.objects.exclude(pk=user.pk if user else None)
    return [_address_taken()] if others.filter(email=clean_email(email)).exists() else []


def opening_blockers(entry: AccountEntry, *, email: str) -> list[Blocker]:
    """Why no account can be opened; the last day for candidates to apply does not count."""
    found = [*entry_blockers(tidy_entry(entry)), *address_blockers(email)]
    if not Campaign.objects.in_service().exists():
        found.append(Blocker("no_campaign", _("There is no campaign in service.")))
    return found


@transaction.atomic
def open_account(entry: AccountEntry, *, email: str, by: User, now: datetime) -> User:
    """Make the account and send the link to its holder."""
    refuse_if(opening_blockers(entry, email=email))
    entry = tidy_entry(entry)
    try:
        with transaction.atomic():
            user = User.objects.create(
                email=clean_email(email),
                file_number=issue_file_number(now=now),
                password=make_password(None),
                has_local_password=False,
                created_at=now,
                activation_due_at=activation_end(now),
                opened_by=by,
                **vars(entry),
            )
    except IntegrityError:  # the same address in another request, at this very moment
        raise Refused([_address_taken()]) from None
    log(user, AccountEvent.OPENED, by=by)
    send_link(user, now=now)
    return user


def link_blockers(user: User) -> list[Blocker]:
    """Why no link is sent to the holder of the account."""
    if not user.is_active:
        return [Blocker("closed", _("This account is closed: reopen it first."))]
    return []


@transaction.atomic
def resend_link(user: User, *, by: User, now: datetime) -> None:
    """Send the link that gets the person in once more: to activate the account, with as much time
    as at first, or, once activated, to choose a password."""
    user = User.objects.locked(user.pk)
    refuse_if(link_blockers(user))
    log(user, AccountEvent.LINK_SENT, by=by)
    send_link(user, now=now)


def send_link(user: User, *, now: datetime) -> None:
    """The mail that gets the holder of the account in, whatever its state."""
    if not user.awaits_activation:
        secret, until = make_password_link(user, now=now)
        ForgottenIdentifiers(user, secret=secret, until=until).send()
        return
    until = activation_end(now)
    user.activation_due_at = until
    user.save(update_fields=["activation_due_at"])
    secret = make_activation_link_again(user, now=now, until=until)
    mail = ActivationResent if user.has_local_password else AccountOpened
    mail(user, secret=secret, until=until).send()


def _address_taken() -> Blocker:
    return Blocker(
        "has_account", _("There is an account with this address already."), "field:email"
    )


def _number_taken() -> Blocker:
    return Blocker(
        "student_number_taken",
        _("Another account has this student number."),
        "field:student_number",
    )
