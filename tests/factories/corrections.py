from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from candide.admissions.applications import models
from candide.admissions.applications.enums import CorrectionKind
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

ASKED_AT = datetime(2027, 3, 14, 9, 0, tzinfo=UTC)


class CorrectionFactory(DjangoModelFactory):
    """A request that runs; the application says its last day too."""

    class Meta:
        model = models.Correction

    application = factory.SubFactory(
        ApplicationFactory, transmitted=True, correction_due_on=date(2027, 3, 22)
    )
    comment = "Le sceau est coupé."
    due_on = date(2027, 3, 22)
    asked_at = ASKED_AT
    asked_by = factory.SubFactory(UserFactory, staff=True)


class CorrectionItemFactory(DjangoModelFactory):
    """A document asked for again; an answer with `of_question`."""

    class Meta:
        model = models.CorrectionItem

    class Params:
        of_question = factory.Trait(
            requirement=None, question=factory.SubFactory(QuestionFactory, common=True)
        )

    correction = factory.SubFactory(CorrectionFactory)
    requirement = factory.SubFactory(DocumentRequirementFactory, common=True)
    kind = CorrectionKind.ILLEGIBLE


class AdditionalDocumentFactory(DjangoModelFactory):
    """A document asked of one application alone; an internal one with `internal`."""

    class Meta:
        model = models.AdditionalDocument

    class Params:
        internal = factory.Trait(is_internal=True)

    application = factory.SubFactory(ApplicationFactory, has_additional_documents=True)
    requirement = factory.SubFactory(DocumentRequirementFactory, is_individual=True)
    asked_at = ASKED_AT
    asked_by = factory.SubFactory(UserFactory, staff=True)
