"""The student information system this deployment is connected to."""

from django.conf import settings

from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.files import PegaseFiles
from candide.integrations.sis.none import NoStudentSystem
from candide.integrations.sis.port import StudentSystem

SYSTEMS: dict[str, type[StudentSystem]] = {
    "none": NoStudentSystem,
    "demonstration": DemonstrationStudentSystem,
    "files": PegaseFiles,
}


def current() -> StudentSystem:
    """The system `CANDIDE_STUDENT_SYSTEM` names."""
    return SYSTEMS[settings.STUDENT_SYSTEM]()
