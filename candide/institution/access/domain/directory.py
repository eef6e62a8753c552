"""The people who work here as the directory of the institution knows them (« annuaire »): their
names and addresses follow it, and who is no longer in it comes in no more."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.accounts.domain.closing import close_account
from candide.institution.accounts.domain.provisioning import provision
from candide.institution.accounts.enums import AccountEvent
from candide.institution.accounts.models import User
from candide.integrations.directory.port import SHORTEST, Directory, DirectoryPerson

# Above this share, and this number, a directory that knows people no more is taken to be wrong.
MOST_LEFT, FEW = 0.2, 3


# -- Searching -------------------------------------------------------------------------------------


def searching_blockers(text: str) -> list[Blocker]:
    if len(text.strip()) >= SHORTEST:
        return []
    message = _("Type at least %(number)d characters.")
    return [Blocker("too_short", message % {"number": SHORTEST})]


def search(text: str, *, directory: Directory) -> list[tuple[DirectoryPerson, User | None]]:
    """Who the directory finds, each with their account here if there is one."""
    refuse_if(searching_blockers(text))
    found = directory.search(text)
    accounts = User.objects.filter(email__in=[person.email for person in found])
    by_email = {account.email: account for account in accounts}
    return [(person, by_email.get(person.email)) for person in found]


# -- Following -------------------------------------------------------------------------------------


def followed() -> list[User]:
    """The accounts of staff that come in, in the order of their keys."""
    staff = User.objects.filter(is_active=True, file_number=None)
    return list(staff.filter(assignments__isnull=False).distinct().order_by("pk"))


def read(accounts: Iterable[User], *, directory: Directory) -> dict[int, DirectoryPerson | None]:
    """What the directory says of each account it can be asked about: those it knows by login, and
    those it finds by address. None: who has left. Raises `Refused` where too many would have."""
    accounts = list(accounts)
    known = [account for account in accounts if account.directory_id]
    by_uid = directory.by_uid(account.directory_id for account in known)
    said = {account.pk: by_uid.get(account.directory_id) for account in known}
    refuse_if(_wrong_blockers(len(known), sum(person is None for person in said.values())))
    others = [account for account in accounts if not account.directory_id]
    by_email = directory.by_email(account.email for account in others)
    taken = {account.directory_id for account in known}
    for account in others:
        person = by_email.get(account.email)
        if person is not None and person.uid not in taken:
            said[account.pk] = person
    return said


def _wrong_blockers(number: int, left: int) -> list[Blocker]:
    if left <= max(FEW, MOST_LEFT * number):
        return []
    message = _(
        "%(left)d of %(number)d people would have left at once: nobody’s account is closed. Look "
        "whether the directory answers as it should."
    )
    return [Blocker("too_many_left", message % {"left": left, "number": number})]


@transaction.atomic
def follow(user: User, person: DirectoryPerson | None) -> None:
    """Let the account say what the directory says; close that of who has left."""
    lock_rights()
    user = User.objects.locked(user.pk)
    if not user.is_active:
        return
    if person is None:
        refuse_if(last_manager_blockers(person=user))
        close_account(user, by=None, event=AccountEvent.LEFT)
        return
    provision(user, person)
