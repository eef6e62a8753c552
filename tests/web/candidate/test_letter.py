"""The candidate's letter waits for the answer, at every door [LET-01]."""

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import Outcome
from candide.admissions.decisions.domain.answering import accept, withdraw
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.institution.catalogue.enums import LetterMode
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.decisions import DecisionTypeFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


@pytest.fixture
def offered():
    """Alix's, where the letter of admission comes after the confirmation."""
    Institution.current()
    Institution.objects.update(letter_after_acceptance=True)
    application = again(ApplicationFactory(candidate=CandidateFactory(complete=True)))
    commission = application.intake.programme.commission
    commission.letter_mode = LetterMode.BOTH
    commission.save()
    draft = Draft(type=DecisionTypeFactory(outcome=Outcome.FAVOURABLE))
    enter_decision(application, draft, by=None, now=NOW)
    release(application, by=None, now=NOW)
    return again(application)


def doors(client, application):
    """What the address of the letter answers in the candidate's space, and in the staff's."""
    statuses = []
    for name in ("candidate:letter", "staff:letter"):
        response = client.get(reverse(name, args=[application.pk]))
        response.close()
        statuses.append(response.status_code)
    return statuses


def test_letter_of_admission_is_nowhere_before_the_answer_and_after_withdrawing(client, offered):
    alix = offered.candidate.user
    client.force_login(alix)

    assert doors(client, offered) == [404, 403]
    accept(offered, by=alix, now=NOW)
    assert doors(client, offered) == [200, 403]
    withdraw(offered, by=alix, now=NOW)
    assert doors(client, offered) == [404, 403]
