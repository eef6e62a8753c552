"""« Un candidat »: everything staff in reach may know of one person, and what they may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from candide.admissions.applications.domain.deleting_account import deleting_blockers
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.completeness import section_statuses
from candide.admissions.candidates.domain.editing import IMPORTED_SECTIONS, leases_on
from candide.admissions.candidates.domain.summary import (
    is_from_sis,
    section_items,
    section_rows,
)
from candide.admissions.candidates.enums import Section
from candide.admissions.candidates.models import Candidate, PossibleDuplicate
from candide.core.views import for_object
from candide.foundation.history.domain.log import entries_about
from candide.foundation.leases.models import Lease
from candide.institution.accounts.domain.administering import activating_blockers
from candide.institution.accounts.domain.email_change import pending_change
from candide.institution.accounts.enums import SignInEvent
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.domain.queries import outbox
from candide.web.staff.history import sentences

SHOWN = 50
ACTS = {
    "act": "candidates.act_for",
    "administer": "candidates.administer",
    "erase": "privacy.erase",
}


@dataclass(frozen=True)
class SectionShown:
    """A section of the file: its state, its rows, and what keeps it from being changed."""

    status: Any
    items: list[Any]
    lease: Lease | None
    who: str
    is_list: bool
    is_imported: bool

    @property
    def is_locked(self) -> bool:
        """Imported as a whole, and not to be changed here."""
        return self.is_imported and self.status.section == Section.BACCALAUREATE

    @property
    def is_read_only(self) -> bool:
        return self.status.section == Section.INTERNAL_STUDIES or self.lease is not None


@for_object(User, "candidates.open")
def candidate_page(request: HttpRequest, account: User) -> HttpResponse:
    """One candidate. Whom somebody else's account was merged into is shown in their place."""
    if account.merged_into_id is not None:
        return redirect("staff:candidate", account.merged_into_id)
    return render(request, "staff/candidates/page.html", page_of(request.user, account))


def page_of(reader: Any, account: User) -> dict[str, Any]:
    """What the page shows `reader`; other places' applications, and mails about them, are not
    theirs to know of."""
    now = timezone.now()
    candidate = Candidate.objects.with_file().filter(user=account).first()
    applications = list(
        Application.objects.with_offer()
        .visible_to(reader)
        .filter(candidate__user=account)
        .order_by("-created_at", "-pk")
    )
    entries = list(entries_about(account).exclude(event__in=SignInEvent.values)[:SHOWN])
    entries += list(entries_about(candidate)[:SHOWN]) if candidate else []
    entries.sort(key=lambda entry: entry.at, reverse=True)
    may = {name: reader.has_perm(permission, account) for name, permission in ACTS.items()}
    return {
        "account": account,
        "candidate": candidate,
        "name": candidate.display_name if candidate else account.get_full_name(),
        "sections": _sections(account, candidate, now),
        "applications": applications,
        "may_apply": may["act"] and candidate is not None and account.is_active,
        "mails": _mails(account, candidate, applications),
        "history": sentences(entries[:SHOWN]),
        "duplicates": _duplicates(account) if reader.has_perm("candidates.merge") else [],
        "merged": User.objects.filter(merged_into=account).order_by("pk"),
        "pending": pending_change(account, now=now),
        "may_activate": may["administer"] and not activating_blockers(account),
        "may_delete": may["administer"] and not deleting_blockers(account),
        "may": may,
        "navigation": "staff",
    }


def _sections(account: User, candidate: Candidate | None, now: datetime) -> list[SectionShown]:
    leases = leases_on(account, now=now)
    owners = User.objects.filter(pk__in=[lease.owner_id for lease in leases.values()])
    names = {user.pk: str(user) for user in owners}
    shown = []
    for status in section_statuses(account, institution=Institution.current()):
        section = status.section
        items = section_items(candidate, section) if candidate else []
        lease = leases.get(section)
        shown.append(
            SectionShown(
                status=status,
                items=[(item, section_rows(section, item)) for item in items],
                lease=lease,
                who=names.get(lease.owner_id, "") if lease else "",
                is_list=section not in IMPORTED_SECTIONS,
                is_imported=any(is_from_sis(section, item) for item in items),
            )
        )
    return shown


def _mails(account: User, candidate: Candidate | None, applications: list[Application]) -> list:
    about = Q(about_type=account._meta.label_lower, about_id=account.pk)
    if candidate is not None:
        about |= Q(about_type=candidate._meta.label_lower, about_id=candidate.pk)
    keys = [application.pk for application in applications]
    about |= Q(about_type=Application._meta.label_lower, about_id__in=keys)
    return list(outbox(people=[account.pk], with_copies=False).filter(about)[:SHOWN])


def _duplicates(account: User) -> list[dict[str, Any]]:
    pairs = PossibleDuplicate.objects.filter(Q(one=account) | Q(other=account), settled_at=None)
    return [
        {"pair": pair, "other": pair.other if pair.one_id == account.pk else pair.one}
        for pair in pairs.select_related("one", "other").order_by("pk")
    ]
