"""The institution's own words for statuses."""

import pytest
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import DossierStatus
from candide.institution.pages.domain.notices import notice_for
from candide.institution.pages.domain.wording import code_of, label_of, one_reading
from candide.institution.pages.models import Notice
from tests.factories.pages import NoticeFactory, WordingFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed():
    label = LazyI18nString({"fr": "Bien arrivé", "en": "Got it"})
    return WordingFactory(code=code_of(DossierStatus.RECEIVED), label=label)


def test_code_names_the_enum_and_the_member():
    assert code_of(DossierStatus.RECEIVED) == "DossierStatus.received"


def test_institutions_word_comes_before_ours(renamed):
    with override("fr"):
        assert label_of(DossierStatus.RECEIVED) == "Bien arrivé"
        assert label_of(DossierStatus.COMPLETE) == "Complet"
    with override("en"):
        assert label_of(DossierStatus.RECEIVED) == "Got it"


def test_empty_word_is_no_word():
    WordingFactory(code=code_of(DossierStatus.RECEIVED), label="  ")

    with override("fr"):
        assert label_of(DossierStatus.RECEIVED) == "Réceptionné"


def test_one_reading_asks_the_database_once(renamed, django_assert_num_queries):
    with django_assert_num_queries(1), one_reading():
        for member in DossierStatus:
            label_of(member)


def test_reading_without_a_word_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), one_reading():
        pass


def test_next_reading_sees_what_changed(renamed):
    with override("fr"):
        with one_reading():
            before = label_of(DossierStatus.RECEIVED)
        renamed.label = "Reçu"
        renamed.save()
        with one_reading():
            after = label_of(DossierStatus.RECEIVED)

    assert (before, after) == ("Bien arrivé", "Reçu")


@pytest.mark.parametrize(
    ("notice", "shown"), [({}, "Fermé dimanche"), ({"is_active": False}, ""), ({"text": " "}, "")]
)
def test_notice_for(notice, shown):
    NoticeFactory(**{"text": "Fermé dimanche", **notice})

    assert notice_for(Notice.Place.HOME) == shown
    assert notice_for(Notice.Place.MAINTENANCE) == ""
