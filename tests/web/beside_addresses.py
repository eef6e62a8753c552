"""Addresses of what stands beside the dossier of an application, and of what staff do there in the
candidate's place: for the table of permissions."""

from typing import Any

from candide.admissions.applications.models import Application
from tests.factories.corrections import AdditionalDocumentFactory, CorrectionFactory
from tests.factories.correspondence import NoteFactory
from tests.web.actors import AUTHOR, MANAGER, READER

BESIDE: dict[str, tuple[Any, ...]] = {
    "staff:here": READER,
    **dict.fromkeys(
        (
            "staff:acting",
            "staff:transmit_for",
            "staff:accept_for",
            "staff:withdraw_for",
            "staff:cancel_for",
            "staff:release_lease",
            "staff:document_upload",
            "staff:document_remove",
            "staff:document_not_concerned",
            "staff:question_answer",
            "staff:question_not_concerned",
        ),
        MANAGER,
    ),
    "staff:requirement_template": READER,
    "staff:note_add": READER,
    "staff:note": AUTHOR,
    "staff:note_remove": AUTHOR,
    "staff:message_send": MANAGER,
    "staff:messages_read": MANAGER,
    "staff:correct": MANAGER,
    "staff:correction_move": MANAGER,
    "staff:correction_cancel": MANAGER,
    "staff:further_document": MANAGER,
    "staff:further_document_drop": MANAGER,
}


def beside_addresses(application: Application, *, author: Any) -> dict[str, dict[str, Any]]:
    """What the addresses are about that name more than an application."""
    note = NoteFactory(application=application, author=author)
    correction = CorrectionFactory(application=application)
    additional = AdditionalDocumentFactory(application=application, internal=True)
    Application.objects.filter(pk=application.pk).update(has_additional_documents=True)
    return {
        "staff:note": {"pk": note.pk},
        "staff:note_remove": {"pk": note.pk},
        "staff:correction_move": {"pk": correction.pk},
        "staff:correction_cancel": {"pk": correction.pk},
        "staff:further_document_drop": {
            "pk": application.pk,
            "requirement": additional.requirement_id,
        },
    }
