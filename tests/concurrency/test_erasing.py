"""Somebody is erased while others change what is about them."""

import re
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candide.admissions.applications.domain.deleting_account import delete_account
from candide.admissions.applications.domain.merging import merge
from candide.admissions.decisions.domain.answering import withdraw
from candide.admissions.decisions.domain.current import refresh_shown
from candide.admissions.decisions.domain.ranking import rerank
from candide.admissions.decisions.models import IntakeDecisions
from candide.reporting.privacy.domain.erasing import erase
from tests.concurrency.at_once import ROUNDS, at_once
from tests.concurrency.conftest import again
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

LOCKED = re.compile(r'FROM "(\w+)".* FOR NO KEY UPDATE')
RIGHTS, ACCOUNT, INES = "access_roleprofile", "accounts_user", "catalogue_institution"
INTAKE, FILE, APPLICATION = "catalogue_intake", "candidates_candidate", "applications_application"


@pytest.fixture
def decided(applied, now):
    """An application with a released decision."""

    def make(intake, kind, rank=None):
        application = applied(complete=True, intake=intake)
        DecisionFactory(
            application=application, type=kind, rank=rank, created_at=now, released_at=now
        )
        refresh_shown(application)
        rerank([intake.pk])
        return again(application)

    return make


@pytest.fixture
def erasing(now):
    def make(application):
        return partial(erase, application.candidate.user, by=None, now=now, with_mail=False)

    return make


def locked_by(act):
    """The tables in which rows are locked, in the order of the first of each."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = (LOCKED.search(query["sql"]) for query in queries)
    return list(dict.fromkeys(match.group(1) for match in found if match))


def test_erasing_locks_in_the_order_of_everything_else(applied, erasing):
    application = applied(accepted=True)
    UserFactory(merged_into=application.candidate.user, is_active=False)

    tables = locked_by(erasing(application))

    assert tables == [RIGHTS, ACCOUNT, INES, INTAKE, FILE, APPLICATION]


def test_accounts_are_locked_before_ines(now, bao):
    """As a student who takes their data over from the institution does."""
    kept, gone, deleted = (CandidateFactory(complete=True).user for _number in range(3))

    merging = locked_by(partial(merge, kept, gone, take=(), by=bao, now=now))
    deleting = locked_by(partial(delete_account, deleted, by=bao, now=now, with_mail=False))

    assert merging[:4] == [RIGHTS, ACCOUNT, INES, FILE]
    assert deleting[:3] == [RIGHTS, ACCOUNT, INES]


def test_first_of_the_list_is_erased_while_somebody_withdraws(
    decided, erasing, favourable, reserve, now
):
    """Neither waits for the other for ever, and the second of the list is called."""
    for _ in ROUNDS:
        intake = IntakeFactory(has_automatic_reserve_list=True)
        IntakeDecisions.objects.create(intake=intake, called=favourable)
        offer = decided(intake, favourable)
        first, second, third = (decided(intake, reserve, rank) for rank in (1, 2, 3))
        user = offer.candidate.user

        at_once(erasing(first), partial(withdraw, offer, by=user, now=now))

        outcomes = [again(each).released_outcome for each in (second, third)]
        assert outcomes == ["favourable", "reserve_list"]
