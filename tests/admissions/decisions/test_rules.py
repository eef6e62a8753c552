"""Who knows of decisions and letters [VIEW-05, LET-01], and of what was given."""

import pytest
from django.contrib.auth.models import AnonymousUser

from candide.admissions.applications.models import Application, Snapshot, SubmittedDocument
from candide.admissions.decisions.models import Decision, Letter
from tests.admissions.conftest import NOW
from tests.factories.applications import SubmittedDocumentFactory
from tests.factories.decisions import DecisionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(application):
    DecisionFactory(application=application)
    return DecisionFactory(application=application, released=True)


@pytest.fixture
def letter(released, stored_file):
    return Letter.objects.create(decision=released, file=stored_file(), made_at=NOW)


def seen(model, user):
    return model.objects.all().visible_to(user).count()


def test_decisions_are_seen_by_staff_in_reach_and_released_ones_by_the_candidate(
    released, alix, bao, chris
):
    found = [seen(Decision, user) for user in (bao, alix.user, chris, AnonymousUser())]

    assert found == [2, 1, 0, 0]


def test_letters_are_seen_by_staff_in_reach_and_their_candidate(letter, alix, bao, chris):
    found = [seen(Letter, user) for user in (bao, alix.user, chris, AnonymousUser())]

    assert found == [1, 1, 0, 0]


def test_applications_and_what_was_given_are_nobody_elses(application, alix, bao, chris):
    SubmittedDocumentFactory(application=application)
    Snapshot.objects.create(
        application=application, number=1, data={}, data_sha256="0" * 64, made_at=NOW
    )

    for model in (Application, SubmittedDocument, Snapshot):
        found = [seen(model, user) for user in (bao, alix.user, chris, AnonymousUser())]
        assert found == [1, 1, 0, 0], model
