"""The demonstration's students can be imported and signed in with."""

from dataclasses import fields

import pytest

from candide.integrations.sis.demonstration import DemonstrationStudentSystem, records
from candide.integrations.sis.port import Student

SYSTEM = DemonstrationStudentSystem()


@pytest.mark.parametrize("record", records(), ids=lambda record: record["sign_in"])
def test_every_record_becomes_a_student(record):
    student = SYSTEM.student_by_number(record["student_number"])

    assert student is not None
    assert {field.name for field in fields(Student)} >= set(record) - {
        "sign_in",
        "studies",
        "documents",
    }


@pytest.mark.parametrize("key", ["sign_in", "student_number"])
def test_keys_are_unique(key):
    values = [record[key] for record in records()]

    assert len(set(values)) == len(values)


def test_somebody_has_no_ine_no_address_and_no_mail():
    students = [SYSTEM.student_by_number(record["student_number"]) for record in records()]

    assert any(not student.ine for student in students)
    assert any(student.address is None for student in students)
    assert any(not student.email for student in students)


def test_document_of_somebody_else_is_not_given():
    own, other = (record for record in records() if record["sign_in"] in ("clemartin", "thonguyen"))
    document = SYSTEM.held_documents(own["student_number"])[0]

    with pytest.raises(LookupError):
        SYSTEM.document_content(other["student_number"], document)
