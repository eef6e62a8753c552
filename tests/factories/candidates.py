from datetime import date

import factory
from factory.django import DjangoModelFactory

from candide.admissions.candidates import models
from candide.admissions.candidates.enums import Civility, StudyResult
from tests.factories.accounts import UserFactory
from tests.factories.reference import (
    BaccalaureateSeriesFactory,
    CountryFactory,
    DiplomaFamilyFactory,
)


class CandidateFactory(DjangoModelFactory):
    """Personal information only, born abroad; `complete` adds what is mandatory before applying:
    address and baccalaureate."""

    class Meta:
        model = models.Candidate
        skip_postgeneration_save = True

    class Params:
        complete = factory.Trait(
            _address=factory.RelatedFactory(
                "tests.factories.candidates.AddressFactory", factory_related_name="candidate"
            ),
            _baccalaureate=factory.RelatedFactory(
                "tests.factories.candidates.BaccalaureateFactory",
                factory_related_name="candidate",
            ),
        )

    user = factory.SubFactory(UserFactory)
    civility = Civility.MRS
    birth_name = "MARTIN"
    first_name = "ALIX"
    born_on = date(2006, 5, 4)
    birth_country = factory.SubFactory(CountryFactory, france=True)
    birth_city = "ORLEANS"
    nationality = factory.SubFactory(CountryFactory, france=True)


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = models.Address

    candidate = factory.SubFactory(CandidateFactory)
    country = factory.SubFactory(CountryFactory)
    foreign_city = "Bruxelles"
    line_1 = "1 rue des Épreuves"


class BaccalaureateFactory(DjangoModelFactory):
    class Meta:
        model = models.Baccalaureate

    candidate = factory.SubFactory(CandidateFactory)
    series = factory.SubFactory(BaccalaureateSeriesFactory)
    year = 2024
    country = factory.SubFactory(CountryFactory)


class ExternalStudiesFactory(DjangoModelFactory):
    class Meta:
        model = models.ExternalStudies

    candidate = factory.SubFactory(CandidateFactory)
    country = factory.SubFactory(CountryFactory)
    year = 2026
    family = factory.SubFactory(DiplomaFamilyFactory)
    label = "Licence 3 Droit"
    result = StudyResult.OBTAINED


class InternshipFactory(DjangoModelFactory):
    class Meta:
        model = models.Internship

    candidate = factory.SubFactory(CandidateFactory)
    year = 2026
    duration = "2 mois"
    organisation = "Mairie d’Orléans"
    description = "Accueil du public"


class WorkExperienceFactory(DjangoModelFactory):
    class Meta:
        model = models.WorkExperience

    candidate = factory.SubFactory(CandidateFactory)
    year = 2026
    title = "Vendeuse"
    duration = "6 mois"
    organisation = "Librairie"
