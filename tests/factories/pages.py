import factory
from factory.django import DjangoModelFactory

from candide.institution.pages import models


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = models.Notice
        django_get_or_create = ("place",)

    place = models.Notice.Place.HOME
    text = "Le service est fermé dimanche."
    is_active = True


class FaqEntryFactory(DjangoModelFactory):
    class Meta:
        model = models.FaqEntry

    code = factory.Sequence(lambda n: f"question-{n}")
    question = factory.LazyAttribute(lambda entry: f"Question {entry.code} ?")
    answer = "Réponse."


class WordingFactory(DjangoModelFactory):
    class Meta:
        model = models.Wording

    code = factory.Sequence(lambda n: f"DossierStatus.code{n}")
    label = "Reçu"
