from datetime import datetime

from django.utils import timezone

from candide.admissions.candidates.domain.fetching_later import catch_up
from candide.admissions.candidates.domain.indexing import index_due
from candide.admissions.candidates.domain.student_documents import (
    fetch_documents,
    fetch_due_documents,
)
from candide.core.tasks import handler
from candide.foundation.jobs.registry import sweep


@handler("candidates.fetch_documents")
def fetch_soon(candidate_id: int) -> None:
    fetch_documents(candidate_id, now=timezone.now())  # noqa: TID251 -- the edge


@sweep("student-documents", every=30)
def fetch_missed(now: datetime) -> int:
    return fetch_due_documents(now=now)


@sweep("student-system-missed", every=60)
def ask_what_was_missed(now: datetime) -> int:
    return catch_up(now=now)


@sweep("account-search", every=5)
def index_accounts(now: datetime) -> int:
    return index_due(now=now)
