"""Accounts of staff as the institution knows their holders: what the directory says each night and
what a provider says at each sign-in is written by one function. Nobody becomes staff by signing in:
an account is made by whoever gives a role, and right by right."""

from dataclasses import replace
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.foundation.history.domain.log import log
from candide.institution.accounts.domain.providers import find_provider
from candide.institution.accounts.domain.sso import Identity, account_of, attach
from candide.institution.accounts.domain.words import clean_name, is_name
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.mails import SignInChanged
from candide.institution.accounts.models import User
from candide.integrations.directory.port import DirectoryPerson


def provision(user: User, person: DirectoryPerson) -> None:
    """Let the account (locked) say what the institution says of its holder: the login they are
    followed by, names and address; what is not said stays. Nothing else is ever taken over."""
    is_new = bool(person.uid) and not user.directory_id
    changed = [name for name, value in _said(person).items() if getattr(user, name) != value]
    if "email" in changed and User.objects.filter(email=person.email).exists():
        raise Refused([Blocker("email_taken", _("Another account has this address already."))])
    for name in changed:
        setattr(user, name, _said(person)[name])
    if changed:
        user.save(update_fields=changed)
    if is_new:
        log(user, AccountEvent.FOLLOWED, by=None)
    elif changed:
        log(user, AccountEvent.CHANGED, by=None, fields=changed)


def _said(person: DirectoryPerson) -> dict[str, str]:
    """The fields of an account the institution decides; a name it does not know stays."""
    said = {
        "directory_id": person.uid,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
    }
    return {name: value for name, value in said.items() if value}


# -- Signing in ------------------------------------------------------------------------------------


def staff_account(identity: Identity) -> User | None:
    """The account of staff `identity` opens: the one it is attached to, else the one the directory
    knows by its login, where the provider is one whose logins are those of the directory. Staff
    come before candidates [AUTH-03]."""
    attached = account_of(identity)
    if attached is not None and not attached.is_candidate:
        return attached
    provider = find_provider(identity.provider)
    if provider is None or not provider.is_for_staff or not identity.login:
        return None
    staff = User.objects.filter(file_number=None).exclude(directory_id="")
    known = list(staff.filter(directory_id__iexact=identity.login)[:2])
    return known[0] if len(known) == 1 else None


@transaction.atomic
def welcome_staff(user: User, identity: Identity, *, now: datetime) -> SocialAccount:
    """Somebody who works here signs in as `identity`, the first time or again: it is attached to
    their account, which has been used from now on, and says what the provider says where no
    directory says better."""
    user = User.objects.locked(user.pk)
    before = account_of(identity)
    if before is not None and before != user:
        _leave(before, identity)
    if before != user:
        attach(user, replace(identity, student_number=""))
    if user.activated_at is None:
        user.activated_at = now
        user.save(update_fields=["activated_at"])
        log(user, AccountEvent.ACTIVATED, by=user)
    if settings.DIRECTORY == "none":
        _say(user, identity)
    return SocialAccount.objects.get(provider=identity.provider, uid=identity.subject)


def _leave(candidate: User, identity: Identity) -> None:
    """The account of a candidate that was attached before its holder came to work here: its own
    identifiers open it still [AUTH-05]."""
    SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).delete()
    log(candidate, AccountEvent.SSO_LEFT, by=candidate)
    SignInChanged(candidate, change="sso_left").send()


def _say(user: User, identity: Identity) -> None:
    """What a provider says is worth keeping; nobody is kept out because it is not."""
    names = (clean_name(identity.first_name), clean_name(identity.last_name).upper())
    first_name, last_name = (name if is_name(name) else "" for name in names)
    try:
        validate_email(identity.email)
        email = identity.email
    except ValidationError:
        email = ""
    said = DirectoryPerson(
        uid=user.directory_id, first_name=first_name, last_name=last_name, email=email
    )
    try:
        with transaction.atomic():
            provision(user, said)
    except Refused:
        user.refresh_from_db()
