"""What every connector to a student information system keeps, the one without students included."""

from io import BytesIO

import pikepdf
import pytest

from candide.integrations import sis
from candide.integrations.sis.port import HeldDocument, Student, StudiesYear

UNKNOWN = "no-such-student"


@pytest.fixture(params=sorted(sis.SYSTEMS))
def system(request):
    return sis.SYSTEMS[request.param]()


@pytest.fixture(params=[name for name, kind in sis.SYSTEMS.items() if kind.knows_students])
def knowing(request):
    """A system that has students; its tests know number 22301457."""
    return sis.SYSTEMS[request.param]()


@pytest.fixture
def student(knowing):
    return knowing.student_by_number("22301457")


def test_unknown_student_is_nobody(system):
    assert system.student_by_number(UNKNOWN) is None
    assert system.student_by_ine(UNKNOWN) is None
    assert system.studies(UNKNOWN) == []
    assert system.held_documents(UNKNOWN) == []


@pytest.mark.parametrize("nothing", ["", " "])
def test_empty_key_is_nobody(system, nothing):
    assert system.student_by_number(nothing) is None
    assert system.student_by_ine(nothing) is None


def test_document_of_an_unknown_student_is_not_found(system):
    document = HeldDocument(code="RNBAC", year="2023", name="Relevé")

    with pytest.raises(LookupError):
        system.document_content(UNKNOWN, document)


def test_student_is_the_same_by_number_and_by_ine(knowing, student):
    assert isinstance(student, Student)
    assert knowing.student_by_ine(student.ine) == student
    assert knowing.student_by_ine(student.ine.lower()) == student


def test_studies_come_as_years(knowing, student):
    studies = knowing.studies(student.student_number)

    assert [type(year) for year in studies] == [StudiesYear] * len(studies)
    assert [year.year for year in studies] == ["2023-2024", "2024-2025", "2025-2026"]


def test_held_document_is_a_pdf_of_one_page(knowing, student):
    documents = knowing.held_documents(student.student_number)

    contents = [knowing.document_content(student.student_number, held) for held in documents]

    assert [held.code for held in documents] == ["RNBAC", "RNL3"]
    for content in contents:
        with pikepdf.open(BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1


def test_current_follows_the_setting(settings):
    settings.STUDENT_SYSTEM = "none"
    assert sis.current().knows_students is False

    settings.STUDENT_SYSTEM = "demonstration"
    assert sis.current().knows_students is True
