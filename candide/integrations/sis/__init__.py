"""The student information system this deployment is connected to."""

from django.conf import settings

from candide.integrations.sis.apogee import ApogeeSystem
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.files import PegaseFiles
from candide.integrations.sis.none import NoStudentSystem
from candide.integrations.sis.pegase import PegaseSystem
from candide.integrations.sis.port import StudentSystem
from candide.integrations.sis.spreadsheets import Spreadsheets

SYSTEMS: dict[str, type[StudentSystem]] = {
    "none": NoStudentSystem,
    "demonstration": DemonstrationStudentSystem,
    "files": PegaseFiles,
    "spreadsheets": Spreadsheets,
    "apogee": ApogeeSystem,
    "pegase": PegaseSystem,
}


def current() -> StudentSystem:
    """The system `CANDIDE_STUDENT_SYSTEM` names."""
    return SYSTEMS[settings.STUDENT_SYSTEM]()
