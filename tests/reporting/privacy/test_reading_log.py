"""Who opened which dossier: written once a quarter of an hour, found again, and forgotten."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from candide.foundation.jobs.registry import find_job
from candide.institution.catalogue.models import Institution
from candide.reporting.privacy.domain.reading_log import (
    QUARTER,
    SPAN,
    note_reading,
    note_together,
    read_together,
    readings_found,
)
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading, ReadTogether
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.mails import NOW
from tests.factories.privacy import ReadingFactory
from tests.factories.tokens import TokenFactory
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


def test_what_is_taken_away_of_many_is_one_line_found_from_each(django_assert_num_queries):
    bao, first, second = UserFactory(staff=True), ApplicationFactory(), ApplicationFactory()
    other = ApplicationFactory()
    keys = [second.pk, first.pk, *range(10**6, 10**6 + 3 * SPAN)]

    with django_assert_num_queries(6):
        note_together(keys, reader=bao, opened=Opened.EXPORT, now=NOW)

    reading = Reading.objects.get()
    assert (reading.reader_id, reading.opened, reading.number) == (bao.pk, "export", len(keys))
    assert (reading.account_id, reading.application_id) == (None, None)
    assert read_together(reading) == [first.pk, second.pk, *keys[2:]]
    assert ReadTogether.objects.count() <= 1 + 4
    for each in (first, second):
        assert list(readings_found(application_id=each.pk)) == [reading]
        assert list(readings_found(accounts=[each.candidate.user_id])) == [reading]
    assert list(readings_found(application_id=other.pk)) == []
    assert list(readings_found(accounts=[other.candidate.user_id])) == []


def test_each_time_staff_take_it_away_is_a_line():
    bao, application = UserFactory(staff=True), ApplicationFactory()

    for _time in range(2):
        note_together([application.pk], reader=bao, opened=Opened.TABLE, now=NOW)
    note_together([], reader=bao, opened=Opened.TABLE, now=NOW)

    assert list(Reading.objects.values_list("number", flat=True)) == [1, 1]


def test_program_that_reads_page_after_page_is_one_line_a_quarter_of_an_hour():
    token, other = TokenFactory(), TokenFactory()

    def reads(keys, minutes=0, by=token, opened=Opened.LIST):
        now = NOW + timedelta(minutes=minutes)
        note_together(keys, token=by, opened=opened, now=now)

    reads([1, 2])
    reads([2, 3, SPAN], minutes=1)
    reads([3], minutes=2)
    reads([1], minutes=15)
    reads([1], by=other)
    reads([1], opened=Opened.DECISIONS)

    told = Reading.objects.order_by("pk").values_list("token_id", "opened", "number", "quarter")
    first = int(NOW.timestamp()) // QUARTER
    assert [(*line[:3], line[3] - first) for line in told] == [
        (token.pk, "list", 4, 0),
        (token.pk, "list", 1, 1),
        (other.pk, "list", 1, 0),
        (token.pk, "decisions", 1, 0),
    ]
    assert read_together(Reading.objects.order_by("pk")[0]) == [1, 2, 3, SPAN]


def test_program_opens_a_dossier_once_a_quarter_of_an_hour_and_is_found():
    token, application = TokenFactory(), ApplicationFactory()

    for opened in (Opened.DOSSIER, Opened.DOSSIER, Opened.DOCUMENT):
        note_reading(
            token=token,
            account_id=application.candidate.user_id,
            application_id=application.pk,
            opened=opened,
            now=NOW,
        )
    ReadingFactory(on=application)

    found = readings_found(application_id=application.pk, readers=[], tokens=[token.pk])
    assert [(each.token_id, each.reader_id, each.opened) for each in found] == [
        (token.pk, None, "document"),
        (token.pk, None, "dossier"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reader_id": None},
        {"token_id": 1},
        {"account_id": None},
        {"account_id": None, "number": 1},
        {"number": 1},
    ],
)
def test_reading_has_one_reader_and_is_of_one_or_of_many(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadingFactory(**wrong)


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
    note_together([1], token=TokenFactory(), opened=Opened.LIST, now=NOW - timedelta(days=91))
    ReadingFactory(at=NOW - timedelta(days=91))
    kept = ReadingFactory(at=NOW - timedelta(days=89))

    assert counted("forget-readings", now=NOW) == {"readings": 2}

    assert list(Reading.objects.all()) == [kept]
    assert not ReadTogether.objects.exists()
    assert find_job("forget-readings").destroys is False
