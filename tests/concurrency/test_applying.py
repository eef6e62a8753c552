"""The same candidate applies in two windows at once."""

from functools import partial

import pytest
from django.db import IntegrityError
from django.urls import reverse

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.cancelling import cancel, restore
from candide.admissions.applications.models import Application
from candide.institution.catalogue.models import ApplicationCentre
from tests.concurrency.at_once import ROUNDS, at_once, codes, events, mails, one_of
from tests.concurrency.conftest import again
from tests.concurrency.over_http import answer_with, posting, statuses
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CommissionFactory, IntakeFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def applying(candidate, intake, now):
    return partial(apply_to, intake, user=candidate.user, by=candidate.user, now=now)


def test_applied_twice_is_applied_once(intake, now):
    for _ in ROUNDS:
        alix = CandidateFactory(complete=True)

        outcomes = at_once(*[applying(alix, intake, now)] * 3)

        assert codes(outcomes) == [[], ["already_applied"], ["already_applied"]]
        assert list(alix.applications.all()) == [one_of(outcomes).value]
        assert events(one_of(outcomes).value) == ["applications.applied"]
        assert mails("application-created", for_user_id=alix.user_id) == 1


@pytest.mark.parametrize("is_global", [True, False])
def test_last_of_the_quota_is_given_once(institution, now, is_global):
    """Two windows, two programmes, one application left."""
    institution.is_quota_global, institution.max_applications = is_global, 2
    institution.save()
    commission = CommissionFactory()
    ApplicationCentre.objects.update(max_applications=2)
    before, here, there = (
        IntakeFactory(open=True, programme__commission=commission) for _ in range(3)
    )
    for _ in ROUNDS:
        alix = CandidateFactory(complete=True)
        ApplicationFactory(candidate=alix, intake=before)

        outcomes = at_once(applying(alix, here, now), applying(alix, there, now))

        told = "quota_institution" if is_global else "quota_centre"
        assert codes(outcomes) == [[], [told]]
        assert alix.applications.count() == 2
        assert mails("application-created", for_user_id=alix.user_id) == 1


def test_restored_while_applied_again(intake, bao, now):
    for _ in ROUNDS:
        alix = CandidateFactory(complete=True)
        first = ApplicationFactory(candidate=alix, intake=intake)
        cancel(first, by=alix.user, now=now)

        applying_again, restoring = at_once(
            applying(alix, intake, now), partial(restore, first, by=bao, now=now)
        )

        assert codes([applying_again, restoring]) in (
            [[], ["already_applied"]],
            [[], ["applied_again"]],
        )
        assert alix.applications.live().count() == 1
        assert again(first).is_cancelled is applying_again.won


def test_database_holds_one_live_application_of_a_candidate_to_an_intake(alix, intake):
    """What the domain's locks keep apart, the database would refuse all the same."""
    ApplicationFactory(candidate=alix, intake=intake)

    with pytest.raises(IntegrityError, match="application_once"):
        ApplicationFactory(candidate=alix, intake=intake)


def test_second_window_is_led_to_the_application(alix, intake, frozen):
    url = reverse("candidate:apply", args=[intake.pk])

    outcomes = at_once(posting(alix.user, url), posting(alix.user, url))

    page = reverse("candidate:application", args=[Application.objects.get().pk])
    assert statuses(outcomes) == [302, 302]
    assert [outcome.value["Location"] for outcome in outcomes] == [page, page]


def test_over_the_quota_is_said_on_the_page(alix, institution, frozen):
    institution.is_quota_global, institution.max_applications = True, 1
    institution.save()
    urls = [reverse("candidate:apply", args=[IntakeFactory(open=True).pk]) for _ in range(2)]

    outcomes = at_once(*(posting(alix.user, url) for url in urls))

    assert statuses(outcomes) == [302, 409]
    assert "1 candidature" in answer_with(outcomes, 409).content.decode()
