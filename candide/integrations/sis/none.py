"""No student information system: everything else works, nothing is looked up."""

from candide.integrations.sis.port import HeldDocument, Student, StudiesYear


class NoStudentSystem:
    knows_students = False

    def student_by_number(self, student_number: str) -> Student | None:
        return None

    def student_by_ine(self, ine: str) -> Student | None:
        return None

    def studies(self, student_number: str) -> list[StudiesYear]:
        return []

    def held_documents(self, student_number: str) -> list[HeldDocument]:
        return []

    def document_content(self, student_number: str, document: HeldDocument) -> bytes:
        raise LookupError(document.code)
