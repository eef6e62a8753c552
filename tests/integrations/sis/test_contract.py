"""What every connector to a student information system keeps, the one without students included."""

from dataclasses import asdict
from io import BytesIO

import pikepdf
import pytest

from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import HeldDocument, Student, StudiesYear
from tests.integrations.sis.systems import connected

UNKNOWN = "no-such-student"
KINDS = ("RNBAC", "RNL3")
# What a system does not say of a student, by its own nature.
UNSAID = {
    "apogee": {"baccalaureate.commune"},
    "pegase": {
        "baccalaureate.commune",
        "baccalaureate.department",
        "baccalaureate.speciality_dropped",
        "baccalaureate.options",
    },
}


@pytest.fixture(params=sorted(sis.SYSTEMS))
def system(request, tmp_path):
    with connected(request.param, tmp_path) as system:
        yield system


@pytest.fixture(params=[name for name, kind in sis.SYSTEMS.items() if kind.knows_students])
def knowing(request, tmp_path):
    """A system that has students; its tests know number 22301457."""
    with connected(request.param, tmp_path) as system:
        yield system


@pytest.fixture
def student(knowing):
    return knowing.student_by_number("22301457")


def test_unknown_student_is_nobody(system):
    assert system.student_by_number(UNKNOWN) is None
    assert system.student_by_ine(UNKNOWN) is None
    assert system.studies(UNKNOWN) == []
    assert system.held_documents(UNKNOWN, KINDS) == []
    assert system.student_by_login(UNKNOWN) is None


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


def test_what_is_said_of_a_student_is_the_same_everywhere(knowing, student):
    name = next(name for name, kind in sis.SYSTEMS.items() if type(knowing) is kind)
    wanted = flat(DemonstrationStudentSystem().student_by_number("22301457"))

    said = flat(student)

    unsaid = UNSAID.get(name, set())
    assert {key: value for key, value in said.items() if key not in unsaid} == {
        key: value for key, value in wanted.items() if key not in unsaid
    }


def flat(student):
    plain = asdict(student)
    parts = {name: plain.pop(name) for name in ("address", "baccalaureate")}
    inner = {f"{part}.{key}": value for part in parts for key, value in parts[part].items()}
    return {**plain, **inner}


def test_studies_say_how_they_ended(knowing, student):
    wanted = DemonstrationStudentSystem().studies("22301457")

    assert [
        (year.label.split(" - ")[0], year.result, year.honours, year.mark, year.scale)
        for year in knowing.studies(student.student_number)
    ] == [
        (year.label.split(" - ")[0], year.result, year.honours, year.mark, year.scale)
        for year in wanted
    ]


def test_who_signs_in_is_found_where_names_are_known(knowing, student):
    assert knowing.student_by_login("clemartin") in (student, None)
    assert knowing.student_by_login(" ") is None


def test_ine_is_known_unknown_or_cannot_be_asked(system):
    assert system.check_ine("230145789KH") in (True, None)
    assert system.check_ine("999999999AA") in (False, None)


def test_held_document_is_a_pdf_of_one_page(knowing, student):
    documents = knowing.held_documents(student.student_number, KINDS)

    contents = [knowing.document_content(student.student_number, held) for held in documents]

    holds = not isinstance(knowing, sis.SYSTEMS["pegase"])
    assert documents == (DemonstrationStudentSystem().held_documents("22301457") if holds else [])
    for content in contents:
        with pikepdf.open(BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1


def test_periods_are_the_same_wherever_there_are_some(system):
    """A-049."""
    wanted = DemonstrationStudentSystem().periods() if system.knows_periods else []

    assert system.periods() == wanted


def test_every_service_says_something_of_itself(system):
    """A-109."""
    versions = system.versions()

    assert bool(versions) == (system.knows_students or system.knows_programmes)
    assert all(versions.values())


def test_current_follows_the_setting(settings):
    settings.STUDENT_SYSTEM = "none"
    assert sis.current().knows_students is False

    settings.STUDENT_SYSTEM = "demonstration"
    assert sis.current().knows_students is True
