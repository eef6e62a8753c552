"""What speaks of applications without pointing at their rows, and so stays when these go: what is
taken out of it when a campaign is destroyed or a person erased [administration 3.5, 3.6]."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Model

from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.running import BULK
from candide.admissions.decisions.domain import sheet
from candide.admissions.handover.models import SystemReport
from candide.admissions.releases.domain import preparing
from candide.core.keys import Keys
from candide.foundation.history.models import HistoryEntry
from candide.foundation.runs.models import RunItem
from candide.institution.accounts.enums import AccountEvent

# Long works whose items are applications.
WORKS = (BULK, preparing.KIND, sheet.KIND)
# What stays said of an account that is gone.
KEPT = (AccountEvent.ERASED, AccountEvent.DELETED)


def blank_works(applications: Collection[int]) -> None:
    """What long works say of these; that they were in them stays."""
    items = RunItem.objects.filter(run__kind__in=WORKS, subject_id__in=Keys(applications))
    items.update(says="", notes=[], details={})


def blank_history(model: type[Model], keys: Collection[Any]) -> None:
    """What the history says of these rows; that something was done, when and by whom, stays."""
    entries = HistoryEntry.objects.filter(subject_type=model._meta.label_lower, subject_id__in=keys)
    entries.exclude(event__in=KEPT).update(data={})


def blank_reports(applications: Collection[int]) -> None:
    """What reports on the student system say of these; that there was one stays."""
    _blank_lines(lambda _named: set(applications))


def blank_reports_of_destroyed() -> None:
    """The same of all applications that are no more."""

    def gone(named: set[int]) -> set[int]:
        left = Application.objects.filter(pk__in=Keys(named))
        return named - set(left.values_list("pk", flat=True))

    _blank_lines(gone)


def _blank_lines(gone: Callable[[set[int]], set[int]]) -> None:
    """`gone` says which of the applications a report names are to be taken out of it."""
    for report in SystemReport.objects.exclude(lines=[]).order_by("pk"):
        named = {application for _word, application, _text in report.lines if application}
        out = gone(named) & named
        if out:
            report.lines = [
                [word, None, ""] if application in out else [word, application, text]
                for word, application, text in report.lines
            ]
            report.save(update_fields=["lines"])
