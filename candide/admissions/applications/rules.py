"""Who may do what with an application. No dates, no statuses: those are blockers."""

from typing import Any

import rules
from django.db.models import Q, QuerySet

from candide.admissions.applications.models import (
    Application,
    Correction,
    SavedView,
    Snapshot,
    SubmittedDocument,
)
from candide.core.visibility import visibility
from candide.institution.access.enums import Capability
from candide.institution.access.rules.staff import is_candidate, works_here
from candide.institution.access.scope import (
    can,
    can_everywhere,
    can_somewhere,
    narrowed_to,
    reach_of,
    shown_within,
)
from candide.institution.catalogue.models import Intake, Programme
from candide.institution.mails.models import OutgoingMail

TO_COMMISSION = "intake__programme__commission"


def programme_of(application: Application) -> Programme:
    """Where rights to an application hold."""
    return application.intake.programme


def _can(capability: Capability, *, write: bool = True) -> rules.Predicate:
    return can(capability, programme_of, write=write)


@rules.predicate
def is_own_application(user: Any, application: Application | None) -> bool:
    return application is not None and application.candidate.user_id == user.pk


is_applicant = is_candidate & is_own_application
acts_for_candidates = _can(Capability.ACT_FOR_CANDIDATES)
reads = _can(Capability.VIEW_APPLICATIONS, write=False)

rules.add_perm("applications.apply", is_candidate)
rules.add_perm("applications.list_own", is_candidate)
rules.add_perm("applications.view", is_applicant | reads)
rules.add_perm("applications.view_own", is_applicant)
rules.add_perm("applications.change_own", is_applicant)
rules.add_perm("applications.download", is_applicant | reads)
rules.add_perm("applications.examine", reads)
rules.add_perm("applications.list", reads)
rules.add_perm("applications.check_documents", _can(Capability.CHECK_DOCUMENTS))
rules.add_perm("applications.set_status", _can(Capability.SET_DOSSIER_STATUS))
rules.add_perm("applications.set_route", _can(Capability.SET_ROUTE))
rules.add_perm("applications.set_deadlines", _can(Capability.SET_DEADLINES))
rules.add_perm("applications.write_to", _can(Capability.WRITE_TO_CANDIDATES))
rules.add_perm("applications.set_fees", _can(Capability.SET_FEES))
rules.add_perm("applications.set_regime", _can(Capability.SET_REGIME))
rules.add_perm("applications.restore", acts_for_candidates)
rules.add_perm("applications.act_for", reads & acts_for_candidates)
rules.add_perm("applications.ask_corrections", reads & _can(Capability.WRITE_TO_CANDIDATES))
rules.add_perm("applications.ignore_deadlines", _can(Capability.IGNORE_DEADLINES))


# -- Mails: everybody's, or those about applications in reach ------------------------------------

OUTBOX = Capability.VIEW_OUTBOX
ABOUT = "applications.application"


@rules.predicate
def resends(user: Any, mail: OutgoingMail | None = None) -> bool:
    """Has mails sent again: of everybody, or about the applications of a place."""
    reach = reach_of(user, OUTBOX, write=True)
    if mail is None or reach.everywhere:
        return bool(reach)
    if mail.about_type != ABOUT or mail.about_id is None:
        return False
    return _resent_about(user).filter(pk=mail.about_id).exists()


rules.add_perm(
    "mails.view_outbox", can_everywhere(OUTBOX) | can_somewhere(Capability.VIEW_APPLICATIONS)
)
rules.add_perm("mails.retry", resends)


@visibility(OutgoingMail)
def visible_mails(queryset: QuerySet, user: Any) -> QuerySet:
    """Everybody's for who sees the whole outbox, else those about applications in reach."""
    if reach_of(user, OUTBOX).everywhere:
        return queryset
    if not reach_of(user, Capability.VIEW_APPLICATIONS):
        return queryset.none()
    reached = Application.objects.filter(applications_within(user))
    return queryset.filter(about_type=ABOUT, about_id__in=reached.values("pk"))


def resent_by(queryset: QuerySet, user: Any) -> QuerySet:
    """The mails `user` may have sent again."""
    if reach_of(user, OUTBOX, write=True).everywhere:
        return queryset
    if not reach_of(user, OUTBOX, write=True):
        return queryset.none()
    return queryset.filter(about_type=ABOUT, about_id__in=_resent_about(user).values("pk"))


def _resent_about(user: Any) -> QuerySet[Application]:
    """The applications about which `user` may have mails sent again."""
    here = shown_within(user, OUTBOX, TO_COMMISSION, "dossier_status", write=True)
    return Application.objects.filter(here)


# -- Applying for candidates ---------------------------------------------------------------------


def intakes_to_apply_for(user: Any) -> QuerySet[Intake]:
    """The intakes on offer in which `user` may create applications for candidates."""
    reach = reach_of(user, Capability.ACT_FOR_CANDIDATES, write=True)
    offered = Intake.objects.on_offer()
    return offered.filter(narrowed_to(reach, "programme__commission"))


@rules.predicate
def is_own_view(user: Any, view: SavedView | None) -> bool:
    return view is not None and view.owner_id == user.pk


rules.add_perm("applications.delete_view", works_here & is_own_view)


def applications_within(user: Any, to_application: str = "") -> Q:
    """The filter that keeps what is of applications `user` may look at. `to_application` is the
    lookup path; empty when the rows are applications."""
    prefix = f"{to_application}__" if to_application else ""
    commission, status = f"{prefix}{TO_COMMISSION}", f"{prefix}dossier_status"
    return shown_within(user, Capability.VIEW_APPLICATIONS, commission, status)


def _narrow(queryset: QuerySet, user: Any, to_application: str) -> QuerySet:
    """Own applications for a candidate, those in reach for staff, nothing for others."""
    prefix = f"{to_application}__" if to_application else ""
    if reach_of(user, Capability.VIEW_APPLICATIONS):
        return queryset.filter(applications_within(user, to_application))
    if getattr(user, "is_authenticated", False):
        return queryset.filter(**{f"{prefix}candidate__user_id": user.pk})
    return queryset.none()


@visibility(Application)
def visible_applications(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "")


@visibility(SubmittedDocument)
def visible_documents(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "application")


@visibility(Snapshot)
def visible_snapshots(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "application")


@rules.predicate
def asks_there(user: Any, correction: Correction | None) -> bool:
    return correction is not None and user.has_perm(
        "applications.ask_corrections", correction.application
    )


rules.add_perm("applications.change_correction", asks_there)


@visibility(Correction)
def visible_corrections(queryset: QuerySet, user: Any) -> QuerySet:
    return _narrow(queryset, user, "application")


@visibility(SavedView)
def visible_views(queryset: QuerySet, user: Any) -> QuerySet:
    """One's own, and those that are shared."""
    if not user.has_perm("staff.enter"):
        return queryset.none()
    return queryset.filter(Q(owner=user) | Q(is_shared=True))
