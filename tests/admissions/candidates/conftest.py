"""The student of the demonstration's student system whom tests import, and what is known of her."""

from types import SimpleNamespace

import pytest

from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.factories.reference import (
    BaccalaureateOptionFactory,
    BaccalaureateSeriesFactory,
    CommuneFactory,
    CommunePostcodeFactory,
    CountryFactory,
    DepartmentFactory,
    HonoursFactory,
    SchoolFactory,
    SpecialityFactory,
)

NUMBER = "22301457"


@pytest.fixture
def clementine(db):
    """Clémentine Martin, with the reference data that her record names."""
    loiret = DepartmentFactory(code="45", name="Loiret")
    orleans = CommuneFactory(insee="45234", name="Orléans", department=loiret)
    olivet = CommuneFactory(insee="45232", name="Olivet", department=loiret)
    CommunePostcodeFactory(commune=olivet, postcode="45160")
    CountryFactory(france=True)
    BaccalaureateSeriesFactory(general=True)
    HonoursFactory(code="B", name="Bien")
    SchoolFactory(code="0450049J", name="Lycée Pothier", commune=orleans)
    for code in ("MATHS", "SVT", "PHYSIQUE_CHIMIE"):
        SpecialityFactory(code=code)
    BaccalaureateOptionFactory(code="MATHS_COMP")
    student = DemonstrationStudentSystem().student_by_number(NUMBER)
    return SimpleNamespace(student=student, loiret=loiret, orleans=orleans, olivet=olivet)


class Silent(DemonstrationStudentSystem):
    """A student system that does not answer."""

    def _silent(self, *args):
        raise Unavailable

    student_by_number = student_by_ine = studies = held_documents = document_content = _silent


@pytest.fixture
def student_system_down(monkeypatch):
    monkeypatch.setitem(sis.SYSTEMS, "demonstration", Silent)
