"""Templates of letters, and letters that were given out."""

import factory
from factory.django import DjangoModelFactory
from i18nfield.strings import LazyI18nString

from candide.admissions.decisions import models
from candide.admissions.decisions.enums import LetterKind
from tests.factories.decisions import RELEASED_AT, DecisionFactory
from tests.factories.files import StoredFileFactory


class LetterTemplateFactory(DjangoModelFactory):
    """Of the whole institution, in French."""

    class Meta:
        model = models.LetterTemplate

    kind = LetterKind.ADMISSION
    name = factory.Sequence(lambda n: f"Lettre {n}")
    title = LazyI18nString({"fr": "Admission en ${libelleFormation}"})
    body = factory.LazyAttribute(
        lambda template: LazyI18nString({"fr": f"Bonjour ${{prenomCandidat}}. {template.name}."})
    )


class LetterFactory(DjangoModelFactory):
    """The letter of a released decision."""

    class Meta:
        model = models.Letter

    decision = factory.SubFactory(DecisionFactory, released=True)
    kind = LetterKind.ADMISSION
    language = "fr"
    file = factory.SubFactory(StoredFileFactory, name="lettre_admission.pdf")
    code = factory.Sequence(lambda n: f"{n:012}".translate({48: "Z", 49: "Y"}))
    made_at = RELEASED_AT
