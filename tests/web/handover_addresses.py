"""The table of permissions for the hand-over to the student system: managers read that of their
centre, administrators steer it and carry the files."""

from typing import Any

from candide.admissions.handover.models import DeliveryFile
from tests.factories.files import StoredFileFactory
from tests.factories.handover import DeliveryFactory, PreEnrolmentFactory, SystemReportFactory
from tests.web.actors import ADMIN, FORBIDDEN, IN, MANAGER, NOT_FOUND, SIGN_IN

ONLY_ADMIN = (SIGN_IN, *(NOT_FOUND,) * 5, IN)
OF_DELIVERY = ("archive", "loaded", "file")
HANDOVER_OF_STAFF: dict[str, tuple[Any, ...]] = {
    "staff:handover": (SIGN_IN, FORBIDDEN, FORBIDDEN, IN, IN, FORBIDDEN, IN),
    "staff:handover_row": (SIGN_IN, NOT_FOUND, NOT_FOUND, IN, NOT_FOUND, NOT_FOUND, IN),
    **dict.fromkeys(
        (f"staff:handover_{page}" for page in ("act", "files", "prepare", "reports")), ADMIN
    ),
    "staff:handover_nomenclatures": ADMIN,
    **dict.fromkeys((f"staff:handover_{page}" for page in OF_DELIVERY), ONLY_ADMIN),
    "staff:handover_report": ONLY_ADMIN,
    "staff:enter_code": MANAGER,
}


def handover_addresses(application: Any) -> dict[str, dict[str, Any]]:
    """What the addresses of these pages name: a pre-enrolment of `application`, a delivery."""
    delivery = DeliveryFactory()
    made = DeliveryFile.objects.create(
        delivery=delivery, file=StoredFileFactory(name="candidat.csv", media_type="text/csv")
    )
    return {
        "staff:handover_row": {"pk": PreEnrolmentFactory(application=application).pk},
        **{f"staff:handover_{page}": {"pk": delivery.pk} for page in OF_DELIVERY},
        "staff:handover_file": {"pk": delivery.pk, "file": made.pk},
        "staff:handover_report": {"pk": SystemReportFactory().pk},
    }
