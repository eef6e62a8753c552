"""The table of permissions for the pages of who runs the service."""

from typing import Any

from tests.factories.privacy import reading_of
from tests.web.actors import ADMIN

JOB = {"code": "clean-files"}
OPERATION_OF_STAFF: dict[str, tuple[Any, ...]] = {
    "staff:jobs": ADMIN,
    "staff:job": ADMIN,
    "staff:job_plan": ADMIN,
    "staff:job_act": ADMIN,
    "staff:service": ADMIN,
    "staff:service_mode": ADMIN,
    "staff:service_plan": ADMIN,
    "staff:service_broadcast": ADMIN,
    "staff:readings": ADMIN,
    "staff:reading": ADMIN,
    "staff:whole_history": ADMIN,
    "staff:register": ADMIN,
    "staff:sessions": ADMIN,
    "staff:sign_ins": ADMIN,
    "staff:checks": ADMIN,
    "staff:check_now": ADMIN,
    "staff:missing_files": ADMIN,
    "staff:student_system": ADMIN,
    "staff:student_system_try": ADMIN,
    "staff:student_system_resume": ADMIN,
    "staff:session_end": ADMIN,
}


def operation_addresses(person: int) -> dict[str, dict[str, Any]]:
    """What the addresses of these pages name."""
    return {
        "staff:session_end": {"pk": person},
        "staff:reading": {"pk": reading_of(1).pk},
        "staff:check_now": {"code": "stockage"},
        "staff:student_system_try": {"code": "numero"},
        "staff:job": JOB,
        "staff:job_plan": JOB,
        "staff:job_act": {**JOB, "act": "arreter"},
    }
