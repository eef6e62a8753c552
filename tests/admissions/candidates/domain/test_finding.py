"""Looking for candidates [27.2], and noting whom there may be twice."""

from datetime import date, timedelta

import pytest

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.duplicates import (
    declare_distinct,
    name_pair,
    open_pairs,
)
from candide.admissions.candidates.domain.finding import MOST, find_people, present, terms_of
from candide.admissions.candidates.domain.identity import identity_entry, save_identity
from candide.admissions.candidates.domain.indexing import (
    index_due,
    index_people,
    plain_address,
    search_changed,
)
from candide.admissions.candidates.enums import CandidateEvent
from candide.admissions.candidates.models import PossibleDuplicate, SearchKey
from candide.core.blockers import Refused
from candide.foundation.history.models import HistoryEntry
from candide.institution.accounts.models import User
from tests.admissions.conftest import NOW
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.reference import DepartmentFactory

BORN, MOBILE = date(2005, 5, 2), "+33639980001"
pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe():
    """Zoé LE GOFF-ÉTIENNE, with a file."""
    return CandidateFactory(
        birth_name="LE GOFF-ÉTIENNE",
        usual_name="MOREAU",
        first_name="ZOÉ",
        born_on=BORN,
        ine="1856816120S",
        ine_state="confirmed",
        user__last_name="MOREAU",
        user__first_name="Zoé",
        user__email="zoe.moreau@example.org",
        user__file_number="K7P2M9QX",
        user__student_number="22001234",
    ).user


@pytest.fixture
def others():
    """Somebody else in every way."""
    made = [
        CandidateFactory(birth_name=name, first_name="PAUL", user__last_name=name).user
        for name in ("DUBOIS", "KERMARREC", "SCHMITT")
    ]
    assert len(made) == 3
    return made


def found(text, among=None):
    while index_due(now=NOW):
        pass
    return find_people(text, among=User.objects.all() if among is None else among).people


@pytest.mark.parametrize(
    "text",
    [
        "K7P2M9QX",
        "k7p2",
        "moreau",
        "Moreau Zoé",
        "zoe MOREAU",
        "le goff",
        "legoff",
        "Étienne",
        "goff-etienne",
        "mor",
        "zoe.moreau@example.org",
        "Zoe.Moreau@EXAMPLE.org",
        "1856816120S",
        "18568",
        "22001234",
        "02/05/2005",
        "2005-05-02",
        "moreau 2.5.2005",
        "moraeu",
        "Moreaux",
        "zoé le gof",
        "etiene",
    ],
)
def test_somebody_is_found_by_whatever_is_known_of_them(zoe, others, text):
    """B-154: accents, order, hyphens and slips of the finger are forgiven."""
    assert found(text) == [zoe]


@pytest.mark.parametrize(
    "text", ["", "z", "xyzzy", "moreau paul", "03/05/2005", "32/05/2005", "22001235", "99/99/9999"]
)
def test_nobody_is_found_by_what_is_somebody_elses(zoe, others, text):
    assert found(text) == []


def test_exact_names_come_before_longer_and_similar_ones(others):
    names = ("MARTINEZ", "MARTIN", "MARTYN")
    users = {
        name: UserFactory(last_name=name, first_name="", email=f"{name}@x.org") for name in names
    }

    assert found("martin") == [users["MARTIN"], users["MARTINEZ"], users["MARTYN"]]


def test_more_than_can_be_shown_is_said(others):
    for _number in range(MOST + 1):
        UserFactory(last_name="NGUYEN")
    index_people(User.objects.values_list("pk", flat=True), now=NOW)

    result = find_people("nguyen", among=User.objects.all())

    assert (len(result.people), result.has_more) == (MOST, True)


def test_similar_names_are_said_to_be(zoe):
    index_due(now=NOW)

    assert find_people("moraeu", among=User.objects.all()).is_similar
    assert not find_people("moreau", among=User.objects.all()).is_similar


def test_terms_are_words_days_and_codes():
    assert [term.text for term in terms_of("Jean-Luc, 1/2/2003 a K7P2 x@Y.org")] == [
        "20030201",
        "jean",
        "luc",
        "k7p2",
        "x@y.org",
    ]


def test_finding_takes_as_many_queries_for_few_as_for_many(django_assert_num_queries):
    for number in (1, 40):
        for _each in range(number):
            CandidateFactory(birth_name="PETIT", user__last_name="PETIT")
        index_people(User.objects.values_list("pk", flat=True), now=NOW)
        with django_assert_num_queries(3 if number > 1 else 4):
            find_people("petit alix", among=User.objects.all())


def test_only_those_one_may_know_of_are_found(zoe):
    assert found("moreau", among=User.objects.exclude(pk=zoe.pk)) == []


def test_past_campaigns_and_closed_accounts_stand_apart(zoe):
    closed = UserFactory(last_name="MOREAU", is_active=False)
    old = CandidateFactory(user__last_name="MOREAU").user
    ApplicationFactory(candidate=old.candidate, archived_at=NOW)
    back = CandidateFactory(user__last_name="MOREAU").user
    ApplicationFactory(candidate=back.candidate, archived_at=NOW)
    ApplicationFactory(candidate=back.candidate)

    now = present(User.objects.all(), Application.objects.all())

    assert set(found("moreau", among=now)) == {zoe, back}
    assert set(found("moreau")) == {zoe, back, closed, old}


# -- Writing down ----------------------------------------------------------------------------------


def test_what_changes_is_found_soon(zoe, now):
    found("moreau")
    entry = identity_entry(zoe.candidate)
    changed = vars(entry) | {"usual_name": "Lefèvre", "birth_department": DepartmentFactory()}

    save_identity(zoe, entry=type(entry)(**changed), version=zoe.candidate.version, by=zoe, now=now)

    assert found("lefevre") == [zoe]
    assert index_due(now=NOW) == 0


def test_staff_and_merged_accounts_are_not_found(zoe):
    staff = UserFactory(staff=True, last_name="MOREAU")
    merged = UserFactory(last_name="MOREAU", is_active=False, merged_into=zoe)

    assert found("moreau") == [zoe]
    assert not SearchKey.objects.filter(user__in=(staff, merged)).exists()


def test_search_is_written_down_once(zoe):
    found("moreau")
    before = set(SearchKey.objects.values_list("kind", "text"))
    search_changed(zoe.pk)

    assert index_due(now=NOW) == 1
    assert set(SearchKey.objects.values_list("kind", "text")) == before


# -- Duplicates ------------------------------------------------------------------------------------


def pairs():
    index_people(User.objects.values_list("pk", flat=True), now=NOW)
    return {
        (pair.one_id, pair.other_id): pair.reasons
        for pair in PossibleDuplicate.objects.order_by("pk")
    }


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"ine": "1856816120S", "ine_state": "claimed"}, ["ine"]),
        (
            {"born_on": date(2005, 5, 2), "birth_name": "LE GOF ETIENNE", "first_name": "ZOE"},
            ["birth"],
        ),
        (
            {"born_on": date(2005, 5, 2), "first_name": "LE GOFF-ETIENNE", "birth_name": "ZOÉ"},
            ["birth"],
        ),
        ({"born_on": BORN, "birth_name": "DUBOIS", "first_name": "PAUL"}, None),
        ({"user__email": "ZoeMoreau+fac@example.org"}, ["mail"]),
        (
            {"mobile": "+33639980001", "first_name": "ZOÉ", "birth_name": "LE GOFF-ÉTIENNE"},
            ["phone"],
        ),
        ({"phone": "06 39 98 00 01", "first_name": "PAUL"}, None),
        ({"first_name": "ZOÉ", "birth_name": "LE GOFF-ÉTIENNE"}, None),
    ],
)
def test_accounts_that_may_be_one_persons_are_paired(zoe, fields, reasons):
    type(zoe.candidate).objects.filter(user=zoe).update(mobile=MOBILE)
    other = CandidateFactory(**{"birth_name": "DUBOIS", "first_name": "PAUL", **fields}).user

    assert pairs() == ({} if reasons is None else {(zoe.pk, other.pk): reasons})


def test_pairs_of_others_are_left_to_their_own_turn(zoe):
    shared = {"ine": "1856816120S", "ine_state": "claimed"}
    one, other = (CandidateFactory(birth_name=name, **shared).user for name in ("UN", "DEUX"))
    index_people([one.pk], now=NOW)
    index_people([other.pk], now=NOW)
    PossibleDuplicate.objects.all().delete()

    index_people([zoe.pk], now=NOW)

    assert {(pair.one_id, pair.other_id) for pair in PossibleDuplicate.objects.all()} == {
        (zoe.pk, one.pk),
        (zoe.pk, other.pk),
    }


def test_pair_goes_when_what_it_shared_is_gone(zoe):
    other = CandidateFactory(ine="1856816120S", ine_state="claimed", birth_name="DUBOIS").user
    assert list(pairs()) == [(zoe.pk, other.pk)]
    type(other.candidate).objects.filter(user=other).update(ine="", ine_state="none")

    assert pairs() == {}


def test_accounts_without_file_are_paired_by_address():
    one = UserFactory(email="paul.petit@example.org")
    other = UserFactory(email="paulpetit@example.org")

    assert pairs() == {(one.pk, other.pk): ["mail"]}
    assert plain_address("Paul.Petit+x@Example.org") == "paulpetit@example.org"


def test_two_people_are_not_paired_again(zoe):
    other = CandidateFactory(ine="1856816120S", ine_state="claimed", birth_name="DUBOIS").user
    pairs()
    by = UserFactory(staff=True)

    declare_distinct(open_pairs().get(), by=by, now=NOW)
    declare_distinct(PossibleDuplicate.objects.get(), by=by, now=NOW + timedelta(days=1))
    pairs()

    assert not open_pairs().exists()
    assert PossibleDuplicate.objects.get().settled_at == NOW
    told = HistoryEntry.objects.filter(event=CandidateEvent.DECLARED_DISTINCT).order_by("pk")
    assert [(entry.subject_id, entry.data) for entry in told] == [
        (zoe.pk, {"other": other.pk}),
        (other.pk, {"other": zoe.pk}),
    ]


def test_two_files_are_named_by_hand_and_again_after_they_were_settled(zoe):
    other = UserFactory(file_number="ABCDEFGH")

    pair = name_pair(" abcdefgh", "k7p2m9qx", now=NOW)
    declare_distinct(pair, by=other, now=NOW)
    again = name_pair("K7P2M9QX", "ABCDEFGH", now=NOW)

    assert again == pair
    assert (again.one_id, again.other_id) == tuple(sorted((zoe.pk, other.pk)))
    assert open_pairs().get() == pair


@pytest.mark.parametrize(
    ("one", "other"), [("K7P2M9QX", "NOBODY"), ("K7P2M9QX", "k7p2m9qx"), ("", "")]
)
def test_files_that_are_no_pair_are_refused(zoe, one, other):
    with pytest.raises(Refused) as refusal:
        name_pair(one, other, now=NOW)

    assert refusal.value.codes == ["unknown"]
