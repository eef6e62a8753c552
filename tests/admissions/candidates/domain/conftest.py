"""What the file's rules are tried with: France, the Loiret with Orléans, and Belgium."""

from types import SimpleNamespace

import pytest

from tests.factories.reference import (
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    SchoolFactory,
)


@pytest.fixture
def places(db):
    france = CountryFactory(france=True)
    loiret = DepartmentFactory(code="45", name="Loiret")
    orleans = CommuneFactory(insee="45234", name="Orléans", department=loiret)
    CommunePostcodeFactory(commune=orleans, postcode="45000")
    CommunePostcodeFactory(commune=orleans, postcode="45100")
    return SimpleNamespace(
        france=france,
        belgium=CountryFactory(code="99131", name="Belgique", name_en="Belgium"),
        loiret=loiret,
        indre=DepartmentFactory(code="36", name="Indre"),
        orleans=orleans,
        lycee=SchoolFactory(name="Lycée Pothier", commune=orleans),
        university=SchoolFactory(university=True, commune=orleans),
    )
