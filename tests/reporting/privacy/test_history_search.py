"""The whole history, by whom and what it is about, who did it, what happened and when."""

from datetime import timedelta

import pytest

from candide.admissions.applications.enums import ApplicationEvent
from candide.foundation.history.domain.log import log
from candide.foundation.history.enums import RowEvent
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.enums import AccountEvent
from candide.reporting.privacy.domain.history_search import (
    entries_found,
    subjects_of_candidates,
    subjects_of_code,
)
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import DAY, TODAY
from tests.factories.mails import NOW

pytestmark = pytest.mark.django_db


def found(**asked):
    return list(entries_found(**asked))


def test_everything_newest_first():
    application = ApplicationFactory()
    first = log(application, ApplicationEvent.TRANSMITTED)
    second = log(application.intake, RowEvent.CHANGED)

    assert found() == [second, first]


def test_of_a_candidate_and_of_whoever_was_merged_into_them():
    application, other = ApplicationFactory(), ApplicationFactory()
    user = application.candidate.user
    merged = UserFactory(is_active=False, merged_into=user)
    wanted = [
        log(application, ApplicationEvent.TRANSMITTED),
        log(application.candidate, RowEvent.CHANGED),
        log(user, AccountEvent.CHANGED),
        log(merged, AccountEvent.CHANGED),
    ]
    log(other, ApplicationEvent.TRANSMITTED)

    assert found(about=[subjects_of_candidates([user.pk])]) == wanted[::-1]
    assert found(about=[subjects_of_candidates([])]) == []


def test_of_what_a_code_names():
    intake, other = (ApplicationFactory().intake for _number in range(2))
    programme = intake.programme
    commission = programme.commission
    rows = [intake, programme, commission, commission.centre]
    entries = {row: log(row, RowEvent.CHANGED) for row in rows}
    log(other, RowEvent.CHANGED)

    def of(code):
        return found(about=[subjects_of_code(code)])

    assert of(programme.code.lower()) == [entries[programme], entries[intake]]
    assert of(commission.code) == [entries[commission]]
    assert of(commission.centre.code) == [entries[commission.centre]]
    both = [subjects_of_code(each.code) for each in (programme, other.programme)]
    assert found(about=both) == []


def test_by_whom_what_and_when():
    application, ada = ApplicationFactory(), UserFactory(staff=True)
    old = log(application, ApplicationEvent.TRANSMITTED)
    HistoryEntry.objects.filter(pk=old.pk).update(at=NOW - 3 * DAY)
    new = log(application, ApplicationEvent.STATUS_SET, by=ada)
    HistoryEntry.objects.filter(pk=new.pk).update(at=NOW)

    assert found(by=[ada.pk]) == [new]
    assert found(by=[]) == []
    assert found(event=ApplicationEvent.TRANSMITTED) == [old]
    assert found(first=TODAY) == [new]
    assert found(last=TODAY - timedelta(days=1)) == [old]
    assert found(first=TODAY - 3 * DAY, last=TODAY) == [new, old]
