"""What a person may do, and where: the assignments of a member of staff, read once a request.

It stands beside `models` rather than in `domain/` because the rules of this room read it, and
rules may not import the domain of their own room.
"""

from dataclasses import dataclass, field
from typing import Any

import rules
from django.db.models import Q
from django.utils import timezone

from candide.core.clock import localdate
from candide.institution.access.enums import Capability
from candide.institution.access.models import Grant
from candide.institution.catalogue.models import Institution, Programme


@dataclass
class Reach:
    """Where somebody holds one capability: everywhere, in centres, in commissions, in
    programmes."""

    everywhere: bool = False
    centres: set[int] = field(default_factory=set)
    commissions: set[int] = field(default_factory=set)
    programmes: set[int] = field(default_factory=set)

    def covers(
        self,
        *,
        centre_id: int | None,
        commission_id: int | None = None,
        programme_id: int | None = None,
    ) -> bool:
        """Whether it holds all over that place."""
        return (
            self.everywhere
            or centre_id in self.centres
            or commission_id in self.commissions
            or programme_id in self.programmes
        )

    def covers_programme(self, programme: Any) -> bool:
        return self.covers(
            centre_id=programme.commission.centre_id,
            commission_id=programme.commission_id,
            programme_id=programme.pk,
        )

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.centres or self.commissions or self.programmes)


NOWHERE = Reach()


def holds_today(assignment: str = "") -> Q:
    """The filter of assignments that count: in service, and not past their last day. `assignment`
    is the lookup path to them, with its `__`."""
    today = localdate(timezone.now())  # noqa: TID251 -- rules are asked without telling the moment
    ends = f"{assignment}ends_on"
    return Q(Q(**{ends: None}) | Q(**{f"{ends}__gte": today}), **{f"{assignment}is_active": True})


def _reaches(user: Any) -> dict[tuple[str, bool], Reach]:
    """(capability, may write) → where. Read from the database once for this user object, so that
    a change of rights counts from the next request on, not from the next sign-in."""
    cached = getattr(user, "_candide_reaches", None)
    if cached is not None:
        return cached
    found: dict[tuple[str, bool], Reach] = {}
    if not getattr(user, "has_roles", True):  # known from who the visit is of
        return found
    # In one filter(): Django would join the assignments once more for each further one.
    granted = Grant.objects.filter(
        holds_today("role__assignments__"), role__is_active=True, role__assignments__user=user
    ).values_list(
        "capability",
        "can_write",
        "role__assignments__centre_id",
        "role__assignments__commission_id",
        "role__assignments__programme_id",
    )
    for capability, can_write, centre_id, commission_id, programme_id in granted:
        for level in {False, can_write}:
            reach = found.setdefault((capability, level), Reach())
            if programme_id:
                reach.programmes.add(programme_id)
            elif commission_id:
                reach.commissions.add(commission_id)
            elif centre_id:
                reach.centres.add(centre_id)
            else:
                reach.everywhere = True
    user._candide_reaches = found
    return found


def reach_of(user: Any, capability: Capability, *, write: bool = False) -> Reach:
    """Where `user` holds `capability`; nowhere for anonymous people and closed accounts."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NOWHERE
    if user.is_superuser:
        return Reach(everywhere=True)
    return _reaches(user).get((capability, write), NOWHERE)


def is_held(
    user: Any,
    capability: Capability,
    *,
    write: bool,
    centre_id: int | None = None,
    commission_id: int | None = None,
    programme_id: int | None = None,
) -> bool:
    """Whether `user` holds `capability` there: in a programme (with its commission and centre), in
    a commission (with its centre), in a centre, or, nothing named, everywhere."""
    reach = reach_of(user, capability, write=write)
    return reach.covers(centre_id=centre_id, commission_id=commission_id, programme_id=programme_id)


def is_staff_member(user: Any) -> bool:
    """Whether `user` holds any capability anywhere (a manager, a commission member…)."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return False
    return user.is_superuser or bool(_reaches(user))


def within(user: Any, capability: Capability, commission: str, *, write: bool = False) -> Q:
    """The filter that keeps rows in the reach of `user`. `commission` is the lookup path to the
    commission, as "intake__programme__commission": what comes before is the programme. Empty when
    the rows are commissions, of which a programme opens none."""
    reach = reach_of(user, capability, write=write)
    return narrowed_to(reach, commission)


def narrowed_to(reach: Reach, commission: str) -> Q:
    """The same, of a reach there is already."""
    if reach.everywhere:
        return Q()
    if not commission:
        return Q(centre_id__in=reach.centres) | Q(pk__in=reach.commissions)
    found = Q(**{f"{commission}__centre_id__in": reach.centres})
    found |= Q(**{f"{commission}_id__in": reach.commissions})
    if reach.programmes:
        before = commission.rpartition("__")[0]
        found |= Q(**{f"{before}_id__in" if before else "pk__in": reach.programmes})
    return found


def shown_within(
    user: Any, capability: Capability, commission: str, status: str, *, write: bool = False
) -> Q:
    """`within`, of what is of applications: those in a status the institution hides from
    commissions are not there for who reaches them by a commission or a programme alone, and does
    not set the status there [back-office 12.2].
    `status` is the lookup path to the status of their dossier, over no more than one row."""
    here = within(user, capability, commission, write=write)
    reach = reach_of(user, capability, write=write)
    if reach.everywhere or not (reach.commissions or reach.programmes):
        return here
    hidden = Institution.current().statuses_hidden_from_commissions
    if not hidden:
        return here
    shown = ~Q(**{f"{status}__in": hidden}) | Q(**{f"{commission}__centre_id__in": reach.centres})
    setting = reach_of(user, Capability.SET_DOSSIER_STATUS, write=True)
    if setting.everywhere:
        return here
    if setting:
        shown |= narrowed_to(setting, commission)
    return here & shown


def can_somewhere(capability: Capability, *, write: bool = False) -> rules.Predicate:
    """Predicate: holds `capability` wherever it may be."""

    @rules.predicate(f"can_somewhere:{capability}")
    def predicate(user: Any) -> bool:
        return bool(reach_of(user, capability, write=write))

    return predicate


def can_everywhere(capability: Capability, *, write: bool = False) -> rules.Predicate:
    """Predicate: holds `capability` for the whole institution."""

    @rules.predicate(f"can_everywhere:{capability}")
    def predicate(user: Any) -> bool:
        return reach_of(user, capability, write=write).everywhere

    return predicate


def can(capability: Capability, place_of: Any, *, write: bool = False) -> rules.Predicate:
    """Predicate: holds `capability` where the subject is: `place_of(subject)` is its programme, or,
    of what is above programmes, its commission."""

    @rules.predicate(f"can:{capability}")
    def predicate(user: Any, subject: Any = None) -> bool:
        if subject is None:
            return bool(reach_of(user, capability, write=write))
        place = place_of(subject)
        reach = reach_of(user, capability, write=write)
        if isinstance(place, Programme):
            return reach.covers_programme(place)
        return reach.covers(centre_id=place.centre_id, commission_id=place.pk)

    return predicate


# -- Settings: rows of the institution (no centre), of a centre, of a commission -------------------


def settings_within(
    user: Any, capability: Capability, *, centre: str = "centre", commission: str = ""
) -> Q:
    """The filter that keeps the settings `user` may look at: those of the whole institution, and
    those of centres and commissions in reach. `centre` and `commission` are lookup paths. Who works
    in a commission or a programme looks at what its centre has set up."""
    reach = reach_of(user, capability)
    if not reach:
        return Q(pk__in=())
    if reach.everywhere:
        return Q()
    own = Q(**{f"{centre}__in": reach.centres})
    if commission:
        return own | Q(**{f"{commission}__in": reach.commissions})
    own |= Q(**{f"{centre}__isnull": True})
    own |= Q(**{f"{centre}__commissions__in": reach.commissions})
    if reach.programmes:
        own |= Q(**{f"{centre}__commissions__programmes__in": reach.programmes})
    return own


def can_set(capability: Capability, centre_of: Any) -> rules.Predicate:
    """Predicate: may change a row of the settings. That of the whole institution takes the
    capability everywhere; without a row: whether there is anything to change at all."""

    @rules.predicate(f"can_set:{capability}")
    def predicate(user: Any, row: Any = None) -> bool:
        reach = reach_of(user, capability, write=True)
        if row is None:
            return bool(reach)
        return reach.covers(centre_id=centre_of(row))

    return predicate
