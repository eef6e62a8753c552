"""The people who work here: whom somebody may know of, and closing and reopening an account."""

from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.visibility import visible
from candide.institution.access.domain.composing import escalation_blockers, grants_of
from candide.institution.access.domain.giving import right_of
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment
from candide.institution.access.scope import holds_today, is_held, reach_of
from candide.institution.accounts.domain.closing import close_account, reopen_account
from candide.institution.accounts.models import User

JOINED = ("role", "centre", "commission__centre", "programme__commission__centre")


def people_within(user: Any) -> QuerySet[User]:
    """Who works within reach of `user`; to who gives rights everywhere also those who have an
    account of staff and no role. Each with the assignments in reach, as `shown_assignments`."""
    rows = visible(Assignment.objects.all(), user)
    known = Q(pk__in=rows.values("user"))
    if reach_of(user, Capability.MANAGE_STAFF).everywhere:
        known |= Q(file_number=None)
    shown = rows.select_related(*JOINED).order_by("pk")
    return User.objects.filter(known).prefetch_related(
        Prefetch("assignments", queryset=shown, to_attr="shown_assignments")
    )


def has_roles_elsewhere(person: User, *, user: Any) -> bool:
    """Whether `person` has roles `user` may not know of."""
    shown = visible(Assignment.objects.filter(user=person), user)
    return person.assignments.exclude(pk__in=shown.values("pk")).exists()


def own_rights(user: User) -> list[Assignment]:
    """The roles `user` has today, and where: what one reads of oneself [A-113]."""
    rows = user.assignments.filter(holds_today(), role__is_active=True)
    return list(rows.select_related(*JOINED).order_by("pk"))


# -- Closing and reopening -------------------------------------------------------------------------


def account_blockers(person: User, *, by: User) -> list[Blocker]:
    """Why `by` may not close the account, or, closed, open it again: it is a candidate's only,
    works where `by` gives no rights, is the last that gives them all, or would bring back what
    `by` could not give."""
    assignments = list(person.assignments.select_related(*JOINED))
    if person.is_candidate and not assignments:
        return [Blocker("candidate", _("This account is a candidate’s."))]
    found = []
    if not _is_all_within(assignments, by=by):
        found.append(
            Blocker(
                "out_of_reach",
                _("This person also works where you do not give rights: take their roles instead."),
            )
        )
    if person.is_active:
        return found + last_manager_blockers(person=person)
    for right in [right_of(each) for each in assignments if each.is_active]:
        found += escalation_blockers(grants_of(right.role), by=by, **right.place)
    return found


def _is_all_within(assignments: list[Assignment], *, by: User) -> bool:
    """Whether `by` gives rights everywhere these hold; somebody without any is everybody's."""
    places = [right_of(each).place for each in assignments]
    places = places or [{"centre_id": None}]
    return all(is_held(by, Capability.MANAGE_STAFF, write=True, **place) for place in places)


@transaction.atomic
def switch_account(person: User, *, is_active: bool, by: User) -> None:
    """Close the account, which ends its sessions, or open it again."""
    lock_rights()
    person = User.objects.get(pk=person.pk)
    if person.is_active == is_active:
        return
    refuse_if(account_blockers(person, by=by))
    if is_active:
        reopen_account(person, by=by)
    else:
        close_account(person, by=by)
