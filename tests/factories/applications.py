from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.applications import models
from candide.admissions.applications.domain.counting import count_documents
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.institution.catalogue.enums import AdmissionRoute
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

CREATED_AT = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TRANSMITTED_AT = datetime(2027, 3, 11, 9, 0, tzinfo=UTC)
CHANGED_AT = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)


class ApplicationFactory(DjangoModelFactory):
    """Just made: dossier awaited, no decision. The traits of a decision only set what is shown
    of it; tests that need the decision itself make it through the decisions room."""

    class Meta:
        model = models.Application

    class Params:
        transmitted = factory.Trait(
            dossier_status=DossierStatus.RECEIVED,
            transmitted_at=TRANSMITTED_AT,
            status_changed_at=TRANSMITTED_AT,
            received_on=TRANSMITTED_AT.date(),
            frozen_at=TRANSMITTED_AT,
        )
        incomplete = factory.Trait(
            dossier_status=DossierStatus.INCOMPLETE,
            transmitted_at=TRANSMITTED_AT,
            status_changed_at=CHANGED_AT,
            received_on=TRANSMITTED_AT.date(),
            incomplete_on=CHANGED_AT.date(),
            frozen_at=TRANSMITTED_AT,
        )
        complete = factory.Trait(
            dossier_status=DossierStatus.COMPLETE,
            transmitted_at=TRANSMITTED_AT,
            status_changed_at=CHANGED_AT,
            received_on=TRANSMITTED_AT.date(),
            complete_on=CHANGED_AT.date(),
            frozen_at=TRANSMITTED_AT,
        )
        offered = factory.Trait(
            complete=True, released_outcome=Outcome.FAVOURABLE, has_any_decision=True
        )
        accepted = factory.Trait(
            offered=True, answer=CandidateAnswer.ACCEPTED, answered_at=CHANGED_AT
        )
        withdrawn = factory.Trait(
            offered=True, answer=CandidateAnswer.WITHDRAWN, answered_at=CHANGED_AT
        )
        cancelled = factory.Trait(cancelled_at=CHANGED_AT)

    candidate = factory.SubFactory(CandidateFactory)
    intake = factory.SubFactory(IntakeFactory)
    created_at = CREATED_AT
    created_by = factory.SelfAttribute("candidate.user")
    route = AdmissionRoute.CONTROLLED
    is_route_confirmed = True


class DocumentVersionFactory(DjangoModelFactory):
    """The sworn statement of not being concerned, which needs no file; give `file` and a
    `status` for a file."""

    class Meta:
        model = models.DocumentVersion

    candidate = factory.SubFactory(CandidateFactory)
    requirement = factory.SubFactory(DocumentRequirementFactory, conditional=True)
    status = ItemStatus.NOT_APPLICABLE
    given_at = CREATED_AT
    given_by = factory.SelfAttribute("candidate.user")


class SubmittedDocumentFactory(DjangoModelFactory):
    class Meta:
        model = models.SubmittedDocument
        skip_postgeneration_save = True

    application = factory.SubFactory(ApplicationFactory)
    version = factory.SubFactory(
        DocumentVersionFactory, candidate=factory.SelfAttribute("..application.candidate")
    )
    requirement = factory.SelfAttribute("version.requirement")

    @factory.post_generation
    def counted(self, create, extracted, **kwargs):
        count_documents(self.application.candidate)


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = models.Answer

    application = factory.SubFactory(ApplicationFactory)
    question = factory.SubFactory(QuestionFactory)
    value = "Oui"
    answered_at = CREATED_AT
    answered_by = factory.SelfAttribute("application.candidate.user")
