"""Who may see and change a file. No dates, no states: those are blockers."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from candide.admissions.candidates.models import (
    Candidate,
    ExternalStudies,
    Internship,
    StudentDocument,
    WorkExperience,
)
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import is_candidate
from candide.institution.access.scope import can_everywhere, can_somewhere, reach_of, shown_within
from candide.institution.accounts.models import User

TO_COMMISSION = "intake__programme__commission"


@rules.predicate
def is_own_file(user: Any, candidate: Candidate | None) -> bool:
    return candidate is not None and candidate.user_id == user.pk


@rules.predicate
def is_in_reach(user: Any, candidate: Candidate | None) -> bool:
    """Staff who may see candidates, if this one applied to something of theirs."""
    if candidate is None or not reach_of(user, Capability.VIEW_CANDIDATES):
        return False
    return visible_candidates(Candidate.objects.filter(pk=candidate.pk), user).exists()


rules.add_perm("candidates.edit_own", is_candidate)
rules.add_perm("candidates.edit", is_candidate & is_own_file)
rules.add_perm("candidates.view", (is_candidate & is_own_file) | is_in_reach)


def _applied_to(user: Any, capability: Capability, *, write: bool = False) -> QuerySet:
    """The applications in reach of `user`, which a room above keeps, without those in a status that
    is hidden from commissions."""
    applications: Any = Candidate._meta.get_field("applications").related_model
    here = shown_within(user, capability, TO_COMMISSION, "dossier_status", write=write)
    return applications._base_manager.filter(here)


def _narrow(queryset: QuerySet, user: Any, to_candidate: str) -> QuerySet:
    """The own file for a candidate, those in reach for staff, nothing for others."""
    reach = reach_of(user, Capability.VIEW_CANDIDATES)
    if reach.everywhere:
        return queryset
    if reach:
        applied = _applied_to(user, Capability.VIEW_CANDIDATES)
        return queryset.filter(**{f"{to_candidate or 'pk'}__in": applied.values("candidate")})
    if getattr(user, "is_authenticated", False):
        prefix = f"{to_candidate}__" if to_candidate else ""
        return queryset.filter(**{f"{prefix}user_id": user.pk})
    return queryset.none()


@visibility(Candidate)
def visible_candidates(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "")


def _visible_parts(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "candidate")


for _part in (ExternalStudies, Internship, WorkExperience, StudentDocument):
    visibility(_part)(_visible_parts)


# -- Candidates as staff meet them [27] ------------------------------------------------------------

VIEW, ADMINISTER = Capability.VIEW_CANDIDATES, Capability.ADMINISTER_CANDIDATES
ACT = Capability.ACT_FOR_CANDIDATES


def accounts_within(user: Any, capability: Capability, *, write: bool = False) -> Q:
    """The filter that keeps the accounts `user` reaches with `capability`: all for who holds it
    everywhere; else those who applied there, and those whose account `user` opened."""
    reach = reach_of(user, capability, write=write)
    if reach.everywhere:
        return Q()
    if not reach:
        return Q(pk__in=())
    applied = _applied_to(user, capability, write=write)
    return Q(pk__in=applied.values("candidate__user")) | Q(opened_by=user.pk)


def _on_account(capability: Capability) -> rules.Predicate:
    """Predicate: may write with `capability` about this account; without one, about some."""

    @rules.predicate(f"on_account:{capability}")
    def predicate(user: Any, account: User | None = None) -> bool:
        if account is None or not reach_of(user, capability, write=True):
            return bool(reach_of(user, capability, write=True))
        within_reach = accounts_within(user, capability, write=True)
        return User.objects.filter(within_reach, pk=account.pk, file_number__isnull=False).exists()

    return predicate


searches = can_somewhere(VIEW) | can_somewhere(ADMINISTER)


@rules.predicate
def is_within_reach(user: Any, account: User | None = None) -> bool:
    if account is None or any(reach_of(user, each).everywhere for each in (VIEW, ADMINISTER)):
        return True
    return visible_accounts(User.objects.filter(pk=account.pk), user).exists()


@rules.predicate
def has_no_role(user: Any, account: User | None = None) -> bool:
    """Accounts that also work here are administered by who gives rights everywhere: who changes
    the address of one could become that person."""
    if account is None or reach_of(user, Capability.MANAGE_STAFF, write=True).everywhere:
        return True
    return not account.is_superuser and not account.assignments.exists()


rules.add_perm("candidates.search", searches)
rules.add_perm("candidates.open", searches & is_within_reach)
rules.add_perm("candidates.act_for", searches & _on_account(ACT))
rules.add_perm("candidates.administer", _on_account(ADMINISTER) & has_no_role)
rules.add_perm("candidates.merge", can_everywhere(ADMINISTER, write=True))
rules.add_perm("candidates.settle_locks", can_everywhere(Capability.MANAGE_INSTITUTION, write=True))


@visibility(User)
def visible_accounts(queryset: QuerySet, user: Any) -> QuerySet:
    """Candidates' accounts in reach for staff, the own one for a candidate."""
    queryset = queryset.filter(file_number__isnull=False)
    if is_candidate(user):
        return queryset.filter(pk=user.pk)
    return queryset.filter(accounts_within(user, VIEW) | accounts_within(user, ADMINISTER))
