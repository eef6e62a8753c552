"""Looking through the whole history: about whom or what, by whom, which event, on which days."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Model, Q, QuerySet

from candide.admissions.applications.models import Application
from candide.admissions.candidates.models import Candidate
from candide.core.clock import end_of, start_of
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import (
    ApplicationCentre,
    Commission,
    Intake,
    Programme,
)

Subjects = dict[type[Model], list[int]]


def entries_found(
    *,
    about: Iterable[Subjects] = (),
    by: Collection[int] | QuerySet | None = None,
    event: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[HistoryEntry]:
    """Those that answer all that is asked, newest first. They are about some subject of each of
    `about`; `by` are keys, or the query that gives them."""
    found = HistoryEntry.objects.order_by("-pk")
    for subjects in about:
        wanted = Q(pk__in=())
        for model, keys in subjects.items():
            wanted |= Q(subject_type=model._meta.label_lower, subject_id__in=keys)
        found = found.filter(wanted)
    if by is not None:
        found = found.filter(by_id__in=by)
    if event:
        found = found.filter(event=event)
    if first is not None:
        found = found.filter(at__gte=start_of(first))
    if last is not None:
        found = found.filter(at__lte=end_of(last))
    return found


def subjects_of_candidates(accounts: Iterable[int]) -> Subjects:
    """Their accounts, those merged into them, their files and applications."""
    keys = list(accounts)
    owners = User.objects.filter(Q(pk__in=keys) | Q(merged_into__in=keys))
    candidates = Candidate.objects.filter(user__in=keys)
    applications = Application.objects.filter(candidate__user__in=keys)
    return {
        User: _keys(owners),
        Candidate: _keys(candidates),
        Application: _keys(applications),
    }


def subjects_of_code(code: str) -> Subjects:
    """The programme of that code with its openings, the commission and the centre."""
    return {
        Programme: _keys(Programme.objects.filter(code__iexact=code)),
        Intake: _keys(Intake.objects.filter(programme__code__iexact=code)),
        Commission: _keys(Commission.objects.filter(code__iexact=code)),
        ApplicationCentre: _keys(ApplicationCentre.objects.filter(code__iexact=code)),
    }


def _keys(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))
