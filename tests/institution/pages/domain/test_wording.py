"""The institution's own words for statuses."""

import pytest
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from candide.admissions.applications.enums import DossierStatus
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.pages.domain.wording import (
    choices_of,
    code_of,
    first_words,
    label_of,
    one_reading,
    own_words,
    reword,
)
from tests.factories.accounts import UserFactory
from tests.factories.pages import WordingFactory

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


def test_language_without_the_institutions_word_reads_ours():
    label = LazyI18nString({"fr": "Bien arrivé"})
    WordingFactory(code=code_of(DossierStatus.RECEIVED), label=label)

    with override("en"):
        assert label_of(DossierStatus.RECEIVED) == "Received"


def test_choices_are_in_the_words_readers_know(renamed):
    with override("fr"):
        assert choices_of(DossierStatus)[:2] == [
            ("awaited", "En attente"),
            ("received", "Bien arrivé"),
        ]


def test_rewording_changes_what_was_changed_and_history_says_so(renamed):
    ada = UserFactory(staff=True)
    wanted = {
        DossierStatus.RECEIVED: {"fr": "Bien arrivé", "en": "Got it"},
        DossierStatus.COMPLETE: {"fr": "Prêt", "en": "Complete"},
    }
    with one_reading():
        label_of(DossierStatus.COMPLETE)
        changed = reword(wanted, by=ada, seen=own_words())
        with override("fr"):
            shown = label_of(DossierStatus.COMPLETE)

    assert (changed, shown) == (1, "Prêt")
    # Our own English word is not kept as if the institution had chosen it.
    assert own_words()["DossierStatus.complete"] == {"fr": "Prêt"}
    entry = HistoryEntry.objects.get()
    assert (entry.by_id, entry.data["changes"]["label"]) == (ada.pk, [None, {"fr": "Prêt"}])


def test_emptied_word_goes_back_to_the_first_one(renamed):
    reword({DossierStatus.RECEIVED: {}}, by=None, seen=own_words())

    with override("fr"):
        assert label_of(DossierStatus.RECEIVED) == "Réceptionné"
    assert HistoryEntry.objects.get().data["changes"]["label"] == [
        {"fr": "Bien arrivé", "en": "Got it"},
        {},
    ]


def test_words_changed_meanwhile_are_not_overwritten(renamed):
    with pytest.raises(Refused) as refusal:
        reword({DossierStatus.RECEIVED: {"fr": "Reçu"}}, by=None, seen={})

    assert refusal.value.codes == ["changed"]
    with override("fr"):
        assert label_of(DossierStatus.RECEIVED) == "Bien arrivé"


def test_word_kept_without_a_language_counts_in_each():
    WordingFactory(code=code_of(DossierStatus.RECEIVED), label="Reçu")

    assert own_words() == {"DossierStatus.received": {"fr": "Reçu", "en": "Reçu"}}


def test_first_words_are_ours_in_every_language():
    assert first_words(DossierStatus.COMPLETE) == {"fr": "Complet", "en": "Complete"}
