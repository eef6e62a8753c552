"""Who opened which dossier: written once a quarter of an hour, found again, and forgotten."""

from datetime import timedelta

import pytest

from candide.foundation.jobs.registry import find_job
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.reading_log import (
    note_reading,
    note_taken,
    readings_found,
)
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.mails import NOW
from tests.factories.privacy import ReadingFactory
from tests.jobs import counted

pytestmark = pytest.mark.django_db


def test_what_is_opened_is_noted_once_a_quarter_of_an_hour(django_assert_num_queries):
    bao, application = UserFactory(staff=True), ApplicationFactory()

    def opens(minutes, **more):
        note_reading(
            reader=bao,
            account_id=application.candidate.user_id,
            application_id=application.pk,
            now=NOW + timedelta(minutes=minutes),
            **more,
        )

    with django_assert_num_queries(1):
        opens(0, opened=Opened.DOSSIER)
    opens(1, opened=Opened.DOSSIER)
    opens(2, opened=Opened.DOCUMENT, document_id=7)
    opens(3, opened=Opened.DOCUMENT, document_id=8)
    opens(15, opened=Opened.DOSSIER)

    told = Reading.objects.order_by("pk").values_list("opened", "document_id", "at")
    assert [(opened, piece, at - NOW) for opened, piece, at in told] == [
        ("dossier", None, timedelta()),
        ("document", 7, timedelta(minutes=2)),
        ("document", 8, timedelta(minutes=3)),
        ("dossier", None, timedelta(minutes=15)),
    ]


def test_files_taken_away_are_noted_of_each_application(django_assert_num_queries):
    bao, first, second = UserFactory(staff=True), ApplicationFactory(), ApplicationFactory()
    ApplicationFactory()

    with django_assert_num_queries(2):
        note_taken([first.pk, second.pk], reader=bao, now=NOW)

    assert set(Reading.objects.values_list("application_id", "account_id", "opened")) == {
        (each.pk, each.candidate.user_id, "export") for each in (first, second)
    }


def test_readings_are_found_by_all_that_is_asked():
    bao, application = UserFactory(staff=True), ApplicationFactory()
    old = UserFactory(merged_into=application.candidate.user, is_active=False)
    early = ReadingFactory(on=application, reader_id=bao.pk, at=NOW - timedelta(days=2))
    late = ReadingFactory(on=application)
    of_merged = ReadingFactory(on=application, account_id=old.pk, application_id=None)
    other = ReadingFactory(reader_id=bao.pk)

    def found(**asked):
        return list(readings_found(**asked))

    assert found() == [other, of_merged, late, early]
    assert found(application_id=application.pk) == [late, early]
    assert found(accounts=[application.candidate.user_id]) == [of_merged, late, early]
    assert found(readers=[bao.pk]) == [other, early]
    assert found(readers=[bao.pk], first=NOW.date()) == [other]
    assert found(last=(NOW - timedelta(days=1)).date()) == [early]
    assert found(accounts=[]) == []


def test_they_are_forgotten_after_the_time_the_institution_says():
    institution = Institution.current()
    institution.reading_days = 90
    institution.save()
    ReadingFactory(at=NOW - timedelta(days=91))
    kept = ReadingFactory(at=NOW - timedelta(days=89))

    assert counted("forget-readings", now=NOW) == {"readings": 1}

    assert list(Reading.objects.all()) == [kept]
    assert find_job("forget-readings").destroys is False
