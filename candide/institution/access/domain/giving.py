"""Giving people roles and taking them back (« droits »). Nobody gives what they do not hold
themselves in that scope."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.changes import values_of
from candide.foundation.history.domain.log import log
from candide.institution.access.domain.capabilities import MEANINGS
from candide.institution.access.domain.composing import escalation_blockers, grants_of
from candide.institution.access.domain.last_manager import last_manager_blockers, lock_rights
from candide.institution.access.enums import AccessEvent, Capability
from candide.institution.access.models import Assignment, RoleProfile
from candide.institution.access.scope import is_held
from candide.institution.accounts.domain.invitation import Colleague, invite
from candide.institution.accounts.domain.words import clean_email
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import ApplicationCentre, Commission, Programme

EVERYWHERE = {"centre": None, "commission": None, "programme": None}
JOINED = ("role", "centre", "commission", "programme__commission")


@dataclass(frozen=True, kw_only=True)
class Right:
    """A role within a scope: a programme, a commission, a centre, or, none given, the whole
    institution; until its last day, if it has one."""

    role: RoleProfile
    centre: ApplicationCentre | None = None
    commission: Commission | None = None
    programme: Programme | None = None
    is_chair: bool = False
    ends_on: date | None = None
    comment: str = ""

    @property
    def place(self) -> dict[str, int | None]:
        """Where it holds, as `is_held` asks."""
        commission = self.programme.commission if self.programme else self.commission
        if commission is None:
            return {"centre_id": self.centre.pk if self.centre else None}
        return {
            "centre_id": commission.centre_id,
            "commission_id": commission.pk,
            "programme_id": self.programme.pk if self.programme else None,
        }


def in_commissions(right: Right, commissions: Iterable[Commission]) -> list[Right]:
    """The same role in these commissions of its centre alone; in none: all of the centre
    (« toutes les commissions ») [1.4]."""
    return [replace(right, centre=None, commission=each) for each in commissions] or [right]


def right_of(assignment: Assignment) -> Right:
    return Right(
        role=assignment.role,
        centre=assignment.centre,
        commission=assignment.commission,
        programme=assignment.programme,
        is_chair=assignment.is_chair,
        ends_on=assignment.ends_on,
        comment=assignment.comment,
    )


# -- Giving ----------------------------------------------------------------------------------------


def giving_blockers(person: User | None, right: Right, *, by: User) -> list[Blocker]:
    """Why `by` may not give `right` to `person` (None: somebody who has no account yet)."""
    found = _reach_blockers(right, by=by)
    if not right.role.is_active:
        found.append(Blocker("role_stopped", _("This role is out of service.")))
    if right.is_chair and not right.commission:
        found.append(Blocker("chairs_nothing", _("Only a commission has a chair.")))
    if person is not None and not person.is_active:
        found.append(Blocker("closed", _("This account is closed: reopen it first.")))
    same = {
        "role": right.role,
        "centre": right.centre,
        "commission": right.commission,
        "programme": right.programme,
    }
    if person is not None and Assignment.objects.filter(user=person, **same).exists():
        found.append(Blocker("has_it", _("This person has this role there already.")))
    return found + escalation_blockers(grants_of(right.role), by=by, **right.place)


def giving_warnings(person: User | None, right: Right) -> list[Blocker]:
    """What to know before: a candidate's account changes its nature [AUTH-03], and some
    capabilities open nothing but for the whole institution."""
    found = []
    if person is not None and person.is_candidate and not person.assignments.exists():
        found.append(
            Blocker(
                "candidate",
                _(
                    "This account is a candidate’s (file %(number)s). With a role it opens the "
                    "staff’s pages, and no longer the candidate’s space and applications. Better "
                    "use another address for the work."
                )
                % {"number": person.file_number},
            )
        )
    if right.centre or right.commission or right.programme:
        nothing = [
            str(capability.label)
            for capability in grants_of(right.role)
            if MEANINGS[capability].only_everywhere
        ]
        if nothing:
            found.append(
                Blocker(
                    "only_everywhere",
                    _("Given here, this opens nothing: %(capabilities)s.")
                    % {"capabilities": ", ".join(nothing)},
                )
            )
    return found


def several_blockers(
    person: User | None, rights: Iterable[Right], *, by: User, today: date
) -> list[Blocker]:
    """Why `by` may not give all of `rights`, each reason once."""
    found = []
    for right in rights:
        found += last_day_blockers(right.ends_on, today=today)
        found += giving_blockers(person, right, by=by)
    return list(dict.fromkeys(found))


@transaction.atomic
def give_roles(person: User, rights: Iterable[Right], *, by: User, today: date) -> list[Assignment]:
    """Give `person` a role in several places, all of them or none."""
    rights = list(rights)
    lock_rights()
    refuse_if(several_blockers(person, rights, by=by, today=today))
    return [give_role(person, right, by=by) for right in rights]


@transaction.atomic
def give_role(person: User, right: Right, *, by: User) -> Assignment:
    """Give `person` a role; it counts at once."""
    lock_rights()
    refuse_if(giving_blockers(person, right, by=by))
    assignment = Assignment.objects.create(
        user=person,
        role=right.role,
        centre=right.centre,
        commission=right.commission,
        programme=right.programme,
        is_chair=right.is_chair,
        ends_on=right.ends_on,
        comment=right.comment,
    )
    _log(person, AccessEvent.GIVEN, {}, _values(assignment), by=by)
    return assignment


def find_person(email: str) -> User | None:
    """Who has an account with this address."""
    return User.objects.filter(email=clean_email(email)).first()


@transaction.atomic
def add_person(colleague: Colleague, *rights: Right, by: User, now: datetime) -> User:
    """Give a role, in one place or several, to whoever has the address, invited first where there
    is no account."""
    lock_rights()
    person, today = find_person(colleague.email), localdate(now)
    refuse_if(several_blockers(person, rights, by=by, today=today))
    if person is None:
        person = invite(colleague, by=by, now=now)
    elif colleague.directory_id and not (person.directory_id or person.is_candidate):
        person.directory_id = colleague.directory_id
        person.save(update_fields=["directory_id"])
    give_roles(person, rights, by=by, today=today)
    return person


# -- Changing and taking ---------------------------------------------------------------------------


def changing_blockers(assignment: Assignment, *, is_active: bool, by: User) -> list[Blocker]:
    """Why an assignment may not stay in, go out of, or come back into service."""
    right = right_of(assignment)
    found = _reach_blockers(right, by=by)
    if assignment.is_active and not is_active:
        found += last_manager_blockers(assignment=assignment)
    if is_active and not assignment.is_active:
        found += escalation_blockers(grants_of(right.role), by=by, **right.place)
    return found


def last_day_blockers(ends_on: date | None, *, today: date) -> list[Blocker]:
    if ends_on is None or ends_on >= today:
        return []
    return [Blocker("over", _("The last day is over: choose today or a later one."))]


def ending_blockers(
    assignment: Assignment, ends_on: date | None, *, by: User, today: date
) -> list[Blocker]:
    """Why an assignment may not end on that day (None: never). A later one gives it anew."""
    right, held = right_of(assignment), assignment.ends_on
    found = _reach_blockers(right, by=by)
    if ends_on == held:
        return found
    found += last_day_blockers(ends_on, today=today)
    if held is None:
        return found + last_manager_blockers(assignment=assignment)
    if ends_on is None or ends_on > held:
        found += escalation_blockers(grants_of(right.role), by=by, **right.place)
    return found


@transaction.atomic
def change_right(
    assignment: Assignment,
    *,
    is_active: bool | None = None,
    is_chair: bool | None = None,
    by: User,
) -> None:
    """Put an assignment in or out of service, or say who chairs the commission."""
    lock_rights()
    assignment = Assignment.objects.select_related(*JOINED).get(pk=assignment.pk)
    before = _values(assignment)
    wanted = assignment.is_active if is_active is None else is_active
    refuse_if(changing_blockers(assignment, is_active=wanted, by=by))
    assignment.is_active = wanted
    if is_chair is not None and assignment.commission_id:
        assignment.is_chair = is_chair
    assignment.save(update_fields=["is_active", "is_chair"])
    _log(assignment.user, AccessEvent.CHANGED, before, _values(assignment), by=by)


@transaction.atomic
def say_more(
    assignment: Assignment, *, ends_on: date | None, comment: str, by: User, today: date
) -> None:
    """Give an assignment another last day (None: it has none) and comment."""
    lock_rights()
    assignment = Assignment.objects.select_related(*JOINED).get(pk=assignment.pk)
    before = _values(assignment)
    refuse_if(ending_blockers(assignment, ends_on, by=by, today=today))
    assignment.ends_on, assignment.comment = ends_on, comment
    assignment.save(update_fields=["ends_on", "comment"])
    _log(assignment.user, AccessEvent.CHANGED, before, _values(assignment), by=by)


def taking_blockers(assignment: Assignment, *, by: User) -> list[Blocker]:
    """Why `by` may not take the role back."""
    found = _reach_blockers(right_of(assignment), by=by)
    return found + last_manager_blockers(assignment=assignment)


@transaction.atomic
def take_role(assignment: Assignment, *, by: User) -> None:
    """Take the role back for good; the account stays, and so does the history."""
    lock_rights()
    assignment = Assignment.objects.select_related(*JOINED).get(pk=assignment.pk)
    refuse_if(taking_blockers(assignment, by=by))
    _log(assignment.user, AccessEvent.TAKEN, _values(assignment), {}, by=by)
    assignment.delete()


# -- What they are made of -------------------------------------------------------------------------


def _reach_blockers(right: Right, *, by: User) -> list[Blocker]:
    if is_held(by, Capability.MANAGE_STAFF, write=True, **right.place):
        return []
    return [Blocker("out_of_reach", _("You do not give rights there."))]


def _values(assignment: Assignment) -> dict[str, Any]:
    """What the history holds: of the comment, which may say something of the person, nothing."""
    values = values_of(assignment)
    del values["user"], values["comment"]
    return values


def _log(
    person: User, event: AccessEvent, before: dict[str, Any], after: dict[str, Any], *, by: User
) -> None:
    """History is the person's: it stays when the assignment is gone."""
    changes = {
        name: [before.get(name), after.get(name)]
        for name in before | after
        if before.get(name) != after.get(name)
    }
    # What gives or takes a role names all of it; a change needs to say of which role.
    if event is AccessEvent.CHANGED and changes:
        changes = {"role": [before["role"], after["role"]], **changes}
    if changes:
        log(person, event, by=by, changes=changes)
