import factory
from factory.django import DjangoModelFactory

from candide.institution.reference import models
from candide.institution.reference.enums import CommuneKind, SchoolKind


class CountryFactory(DjangoModelFactory):
    class Meta:
        model = models.Country
        django_get_or_create = ("code",)

    class Params:
        france = factory.Trait(
            code=models.FRANCE,
            apogee_code="100",
            iso2="FR",
            iso3="FRA",
            name="France",
            name_en="France",
            nationality="Française",
            nationality_en="French",
        )

    code = factory.Sequence(lambda n: f"99{n % 1000:03}" if n % 1000 != 100 else "99999")
    apogee_code = factory.LazyAttribute(lambda country: country.code[2:])
    name = factory.LazyAttribute(lambda country: f"Pays {country.code}")
    name_en = factory.LazyAttribute(lambda country: f"Country {country.code}")
    nationality = factory.LazyAttribute(lambda country: f"Nationalité {country.code}")
    nationality_en = factory.LazyAttribute(lambda country: f"Nationality {country.code}")


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Department
        django_get_or_create = ("code",)

    code = "45"
    name = factory.LazyAttribute(lambda department: f"Département {department.code}")


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = models.Commune
        django_get_or_create = ("code",)

    class Params:
        district = factory.Trait(kind=CommuneKind.DISTRICT)
        former = factory.Trait(
            kind=CommuneKind.FORMER,
            valid_until_year=2015,
            code=factory.LazyAttribute(lambda commune: f"{commune.insee}-20151231"),
        )

    department = factory.SubFactory(DepartmentFactory)
    insee = factory.Sequence(lambda n: f"45{n % 1000:03}")
    code = factory.SelfAttribute("insee")
    name = factory.LazyAttribute(lambda commune: f"Commune {commune.insee}")


class CommunePostcodeFactory(DjangoModelFactory):
    class Meta:
        model = models.CommunePostcode

    commune = factory.SubFactory(CommuneFactory)
    postcode = "45000"


class SchoolFactory(DjangoModelFactory):
    """A lycée in a commune of its own, unless told otherwise."""

    class Meta:
        model = models.School
        django_get_or_create = ("code",)

    class Params:
        university = factory.Trait(
            kind=SchoolKind.UNIVERSITY,
            is_secondary=False,
            is_higher=True,
            name=factory.LazyAttribute(lambda school: f"Université {school.code}"),
        )

    code = factory.Sequence(lambda n: f"{450000 + n:07}"[:7] + "Z")
    name = factory.LazyAttribute(lambda school: f"Lycée {school.code}")
    kind = SchoolKind.LYCEE
    commune = factory.SubFactory(CommuneFactory)
    department = factory.SelfAttribute("commune.department")
    city = factory.SelfAttribute("commune.name")
    is_secondary = True


class _NomenclatureFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"N{n}")
    name = factory.LazyAttribute(lambda line: f"Libellé {line.code}")


class SpecialityFactory(_NomenclatureFactory):
    class Meta:
        model = models.Speciality


class BaccalaureateOptionFactory(_NomenclatureFactory):
    class Meta:
        model = models.BaccalaureateOption


class BaccalaureateSeriesFactory(_NomenclatureFactory):
    class Meta:
        model = models.BaccalaureateSeries

    class Params:
        general = factory.Trait(
            code="NBGE",
            name="Baccalauréat général",
            valid_from_year=2021,
            ine_controlled_from_year=2021,
            takes_specialities=True,
        )
        no_baccalaureate = factory.Trait(
            code="0000", name="Sans baccalauréat", is_no_baccalaureate=True
        )


class SeriesSpecialityFactory(DjangoModelFactory):
    class Meta:
        model = models.SeriesSpeciality

    series = factory.SubFactory(BaccalaureateSeriesFactory)
    speciality = factory.SubFactory(SpecialityFactory)


class SeriesOptionFactory(DjangoModelFactory):
    class Meta:
        model = models.SeriesOption

    series = factory.SubFactory(BaccalaureateSeriesFactory)
    option = factory.SubFactory(BaccalaureateOptionFactory)


class HonoursFactory(_NomenclatureFactory):
    class Meta:
        model = models.Honours


class DiplomaFamilyFactory(_NomenclatureFactory):
    class Meta:
        model = models.DiplomaFamily


class ResultTypeFactory(_NomenclatureFactory):
    class Meta:
        model = models.ResultType


class DiplomaTypeFactory(_NomenclatureFactory):
    class Meta:
        model = models.DiplomaType


class StudyRegimeFactory(_NomenclatureFactory):
    class Meta:
        model = models.StudyRegime


class FeeExemptionFactory(_NomenclatureFactory):
    class Meta:
        model = models.FeeExemption
