"""History in sentences: no codes, no ids, no names of fields."""

import pytest
from django.utils import translation

from candide.admissions.applications.enums import (
    ApplicationEvent,
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.decisions.enums import DecisionEvent
from candide.foundation.history.domain.log import entries_about, log
from candide.institution.catalogue.enums import AdmissionRoute
from candide.web.staff.history import sentences
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionReasonFactory, DecisionTypeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

pytestmark = pytest.mark.django_db

LETTER, PROJECT = 11, 12


@pytest.fixture
def application():
    DocumentRequirementFactory(pk=LETTER, label="Lettre")
    QuestionFactory(pk=PROJECT, label="Votre projet")
    DecisionTypeFactory(code="LC", label="Liste complémentaire", outcome=Outcome.RESERVE_LIST)
    DecisionReasonFactory(code="NIVEAU", label="Niveau insuffisant")
    return ApplicationFactory()


@pytest.mark.parametrize(
    ("event", "data", "details"),
    [
        (ApplicationEvent.APPLIED, {"intake": 3}, []),
        (ApplicationEvent.TRANSMITTED, {"snapshot": 1}, []),
        (ApplicationEvent.RESTORED, {"at": "2026-11-22T10:00:00+00:00"}, []),
        (ApplicationEvent.DOCUMENT_GIVEN, {"requirement": LETTER, "version": 4}, ["Lettre"]),
        (ApplicationEvent.DOCUMENT_GIVEN, {"requirement": 9999, "version": 4}, []),
        (
            ApplicationEvent.DOCUMENT_CHECKED,
            {
                "requirement": LETTER,
                "before": ItemStatus.SUBMITTED,
                "after": ItemStatus.REFUSED,
                "only_here": True,
            },
            ["Lettre", "Transmise → Refusée", "pour cette candidature seulement"],
        ),
        (
            ApplicationEvent.QUESTION_ANSWERED,
            {"question": PROJECT, "emptied": False},
            ["Votre projet"],
        ),
        (
            ApplicationEvent.QUESTION_ANSWERED,
            {"question": PROJECT, "emptied": True},
            ["Votre projet", "réponse retirée"],
        ),
        (
            ApplicationEvent.STATUS_SET,
            {
                "before": DossierStatus.AWAITED,
                "after": DossierStatus.RECEIVED,
                "on": "2026-11-01",
            },
            ["En attente → Réceptionné", "1er novembre 2026"],
        ),
        (
            ApplicationEvent.ROUTE_SET,
            {"before": AdmissionRoute.UNDETERMINED, "after": AdmissionRoute.DIRECT},
            ["En attente → Accès direct"],
        ),
        (
            ApplicationEvent.DEADLINE_SET,
            {"which": "documents", "to": "2027-05-12"},
            ["pour le dossier", "12 mai 2027"],
        ),
        (ApplicationEvent.DEADLINE_SET, {"which": "answer", "to": None}, ["pour répondre"]),
        (
            DecisionEvent.ENTERED,
            {"decision": 5, "type": "LC", "reason": "NIVEAU", "rank": 7},
            ["Liste complémentaire", "Niveau insuffisant", "rang 7"],
        ),
        (
            DecisionEvent.RELEASED,
            {"decision": 5, "type": "LC", "outcome": Outcome.RESERVE_LIST, "rank": None},
            ["Liste complémentaire"],
        ),
        (DecisionEvent.WITHDRAWN, {"before": ""}, []),
        (DecisionEvent.WITHDRAWN, {"before": CandidateAnswer.ACCEPTED}, ["avant : Confirmée"]),
        (DecisionEvent.AUTO_WITHDRAWN, {"due_on": "2027-06-15"}, ["15 juin 2027"]),
        (DecisionEvent.MENDED, {"columns": ["rank_shown"]}, []),
    ],
)
def test_details_are_words(application, event, data, details):
    log(application, event, **data)

    with translation.override("fr"):
        [sentence] = sentences(entries_about(application))
        label = str(event.label)

    assert (sentence.what, sentence.details) == (label, details)


@pytest.mark.parametrize("count", [1, 3])
def test_takes_the_same_queries_for_any_number_of_entries(
    application, count, django_assert_num_queries
):
    by = application.candidate.user
    for _number in range(count):
        log(application, ApplicationEvent.DOCUMENT_GIVEN, by=by, requirement=LETTER, version=1)
        log(application, ApplicationEvent.QUESTION_ANSWERED, question=PROJECT, emptied=False)
        log(application, DecisionEvent.ENTERED, type="LC", reason="NIVEAU", rank=1)
    entries = list(entries_about(application))

    with django_assert_num_queries(5):
        sentences(entries)
