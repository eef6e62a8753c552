"""The table of permissions for the space of candidates: their own, and nobody else’s."""

from typing import Any

from tests.web.actors import CANDIDATES, OWN_ITEM, OWNER

SPACE: dict[str, tuple[Any, ...]] = {
    "candidate:space": CANDIDATES,
    "candidate:applications": CANDIDATES,
    "candidate:apply": CANDIDATES,
    **dict.fromkeys(
        (
            "candidate:application",
            "candidate:transmit",
            "candidate:cancel",
            "candidate:accept",
            "candidate:withdraw",
            "candidate:dossier",
            "candidate:receipt",
            "candidate:letter",
            "candidate:document_upload",
            "candidate:document_remove",
            "candidate:document_not_concerned",
            "candidate:document_file",
            "candidate:document_original",
            "candidate:requirement_template",
            "candidate:question_answer",
            "candidate:question_not_concerned",
            "candidate:message_send",
            "candidate:messages_read",
        ),
        OWNER,
    ),
    **dict.fromkeys(
        (
            "candidate:file",
            "candidate:section",
            "candidate:section_edit",
            "candidate:item_new",
            "candidate:civil_status",
            "candidate:nationality",
            "candidate:student_certify",
            "candidate:student_found",
            "candidate:ine_unknown",
            "candidate:student_proof",
            "candidate:import_remove",
            "candidate:import_refresh",
            "candidate:draft_drop",
            "candidate:own_data",
            "candidate:own_data_ask",
            "candidate:own_data_take",
            "candidate:own_data_erase",
        ),
        CANDIDATES,
    ),
    "candidate:item_edit": OWN_ITEM,
    "candidate:item_delete": OWN_ITEM,
}
