import factory
from factory.django import DjangoModelFactory

from candide.institution.requirements import models
from candide.institution.requirements.enums import QuestionKind
from tests.factories.catalogue import ApplicationCentreFactory


class _AskedFactory(DjangoModelFactory):
    """Asked of the programmes given as `programmes`; `common` of all, `common` with `centre` of
    those of a centre."""

    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        common = factory.Trait(is_common=True)
        common_to_centre = factory.Trait(
            is_common=True, centre=factory.SubFactory(ApplicationCentreFactory)
        )
        unique = factory.Trait(is_unique=True)
        conditional = factory.Trait(is_conditional=True)

    @factory.post_generation
    def programmes(self, create: bool, extracted: list | None, **kwargs: object) -> None:
        if create and extracted:
            self.programmes.set(extracted)


class DocumentRequirementFactory(_AskedFactory):
    class Meta:
        model = models.DocumentRequirement

    code = factory.Sequence(lambda n: f"piece-{n}")
    label = factory.LazyAttribute(lambda document: f"Pièce {document.code}")


class QuestionFactory(_AskedFactory):
    class Meta:
        model = models.Question

    class Params:
        yes_no = factory.Trait(kind=QuestionKind.YES_NO)
        choice = factory.Trait(
            kind=QuestionKind.CHOICE,
            choices=[
                {"code": "a", "label": {"fr": "Première", "en": "First"}},
                {"code": "b", "label": {"fr": "Seconde", "en": "Second"}},
            ],
        )
        number = factory.Trait(kind=QuestionKind.NUMBER)
        date = factory.Trait(kind=QuestionKind.DATE)
        long_text = factory.Trait(kind=QuestionKind.LONG_TEXT)

    code = factory.Sequence(lambda n: f"question-{n}")
    label = factory.LazyAttribute(lambda question: f"Question {question.code} ?")
    kind = QuestionKind.SHORT_TEXT


class ExternalFormFactory(_AskedFactory):
    class Meta:
        model = models.ExternalForm

    code = factory.Sequence(lambda n: f"form-{n}")
    label = factory.LazyAttribute(lambda form: f"Formulaire {form.code}")
    url = "https://forms.example/1?dossier=${numDossier}"
