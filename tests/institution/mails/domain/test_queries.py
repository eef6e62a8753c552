from datetime import date, timedelta

import pytest

from candide.institution.mails.domain.queries import numbers_by_status, outbox
from tests.factories.catalogue import ApplicationCentreFactory
from tests.factories.mails import OutgoingMailFactory

pytestmark = pytest.mark.django_db
DAY = date(2027, 3, 15)


@pytest.fixture
def mails() -> list:
    centre = ApplicationCentreFactory(pk=5)
    return [
        OutgoingMailFactory(to="alix@example.org", about_type=centre._meta.label_lower, about_id=5),
        OutgoingMailFactory(to="alix@example.org", copy=True, kind="receipt"),
        OutgoingMailFactory(to="chris@example.net", failed=True, for_user_id=3),
        OutgoingMailFactory(to="chris@example.net", about_type="other.thing", about_id=5),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [3, 2, 1, 0]),
        ({"kind": "receipt"}, [1]),
        ({"address": "ALIX@example.org"}, [1, 0]),
        ({"address": "centre@univ.test"}, [1]),
        ({"people": [3]}, [2]),
        ({"people": []}, []),
        ({"first": DAY}, [3, 2, 1, 0]),
        ({"first": DAY + timedelta(days=1)}, []),
        ({"last": DAY}, [3, 2, 1, 0]),
        ({"last": DAY - timedelta(days=1)}, []),
        ({"with_copies": False}, [3, 2, 0]),
        ({"address": "alix@example.org", "with_copies": False}, [0]),
    ],
)
def test_outbox_is_narrowed_newest_first(mails, asked, found):
    assert list(outbox(**asked)) == [mails[index] for index in found]


def test_outbox_about_one_thing(mails):
    centre = ApplicationCentreFactory._meta.model.objects.get(pk=5)

    assert list(outbox(about=centre)) == [mails[0]]


def test_list_does_not_fetch_the_words(mails, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert {"text", "html"} <= outbox()[0].get_deferred_fields()


def test_numbers_of_what_was_found(mails):
    numbers = numbers_by_status(outbox(kind="receipt"))

    assert {status: number for status, number in numbers.items() if number} == {"queued": 1}


def test_numbers_by_status_include_zeros(mails):
    assert numbers_by_status() == {
        "queued": 3,
        "sending": 0,
        "sent": 0,
        "failed": 1,
        "cancelled": 0,
        "kept": 0,
    }
