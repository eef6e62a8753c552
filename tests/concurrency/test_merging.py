"""Two accounts become one while somebody else does the same, or while their person goes on."""

from functools import partial

import pytest

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.merging import merge
from candide.admissions.applications.models import Application, DocumentVersion
from candide.admissions.candidates.enums import CandidateEvent
from candide.institution.access.domain.roles import create_starter_roles
from candide.institution.accounts.models import User
from tests.concurrency.at_once import ROUNDS, at_once, codes, events
from tests.concurrency.conftest import again
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def roles(transactional_db):
    """There in every installation: who merges accounts locks them."""
    create_starter_roles()


@pytest.fixture
def pair():
    """Both accounts of somebody."""

    def make():
        return [CandidateFactory(complete=True).user for _number in range(2)]

    return make


@pytest.fixture
def merging(bao, now):
    def make(kept, gone):
        return partial(merge, kept, gone, take=(), by=bao, now=now)

    return make


def merged(*users):
    """Which of them were merged into another."""
    there = User.objects.filter(pk__in=[each.pk for each in users])
    return list(there.exclude(merged_into=None).order_by("pk"))


def test_two_who_merge_the_same_accounts_merge_them_once(pair, merging, applied):
    """Whether they keep the same one or each another."""
    for is_crossed in (False, True) * len(ROUNDS):
        one, other = pair()
        application = applied(candidate=other.candidate, intake=IntakeFactory(open=True))
        second = merging(other, one) if is_crossed else merging(one, other)

        outcomes = at_once(merging(one, other), second)

        (gone,) = merged(one, other)
        kept = other if gone == one else one
        assert [bool(each) for each in codes(outcomes)] == [False, True]
        assert "merged" in codes(outcomes)[1]
        assert again(application).candidate == kept.candidate
        assert events(kept).count(CandidateEvent.MERGED) == 1


def test_three_accounts_merged_in_a_ring_end_in_one_or_are_refused(pair, merging):
    """Nobody waits for ever, and none of them is merged into one that is closed."""
    for _ in ROUNDS:
        (one, two), (three, _four) = pair(), pair()

        at_once(merging(one, two), merging(two, three), merging(three, one))

        gone = merged(one, two, three)
        assert gone
        into = User.objects.filter(pk__in=[user.merged_into_id for user in gone])
        assert all(user.is_active and user.merged_into_id is None for user in into)


def test_application_made_while_the_account_is_merged_is_not_lost(pair, merging, now):
    """It is of the account that stays, or refused; never of the one that is closed."""
    for _ in ROUNDS:
        kept, gone = pair()
        intake = IntakeFactory(open=True)

        _merged, applying = at_once(
            merging(kept, gone), partial(apply_to, intake, user=gone, by=gone, now=now)
        )

        made = list(Application.objects.filter(intake=intake))
        assert [each.candidate.user for each in made] == ([kept] if applying.won else [])


def test_document_given_while_the_account_is_merged_goes_with_its_application(
    pair, merging, applied, stored, now
):
    requirement = DocumentRequirementFactory(common=True)
    for _ in ROUNDS:
        kept, gone = pair()
        application = applied(candidate=gone.candidate, intake=IntakeFactory(open=True))

        _merged, giving = at_once(
            merging(kept, gone),
            partial(give_document, application, requirement, stored(), by=gone, now=now),
        )

        assert giving.won
        assert again(application).candidate.user == kept
        versions = DocumentVersion.objects.filter(uses__application=application)
        assert [version.candidate.user for version in versions] == [kept]
        assert again(application).documents_submitted == 1
