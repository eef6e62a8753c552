"""Addresses of what stands beside the dossier."""

from django.urls import path

from candide.web.staff import (
    acting_decided,
    acting_documents,
    acting_for,
    correcting,
    corresponding,
    presence,
)

PLACE = "candidatures/<int:pk>/a-la-place/"

urlpatterns = [
    path("candidatures/<int:pk>/presence/", presence.here, name="here"),
    path(PLACE, acting_for.acting_page, name="acting"),
    path(f"{PLACE}transmettre/", acting_decided.transmit_for, name="transmit_for"),
    path(f"{PLACE}confirmer/", acting_decided.accept_for, name="accept_for"),
    path(f"{PLACE}se-desister/", acting_decided.withdraw_for, name="withdraw_for"),
    path(f"{PLACE}annuler/", acting_decided.cancel_for, name="cancel_for"),
    path(f"{PLACE}verrou/", acting_decided.release_lease, name="release_lease"),
    path(
        f"{PLACE}pieces/<int:requirement>/deposer/",
        acting_documents.upload_document,
        name="document_upload",
    ),
    path(
        f"{PLACE}pieces/<int:requirement>/supprimer/",
        acting_documents.remove,
        name="document_remove",
    ),
    path(
        f"{PLACE}pieces/<int:requirement>/non-concerne/",
        acting_documents.not_concerned,
        name="document_not_concerned",
    ),
    path(
        "candidatures/<int:pk>/pieces/<int:requirement>/modele",
        acting_documents.requirement_template,
        name="requirement_template",
    ),
    path(
        f"{PLACE}questions/<int:question>/",
        acting_documents.answer_question,
        name="question_answer",
    ),
    path(
        f"{PLACE}questions/<int:question>/non-concerne/",
        acting_documents.question_not_concerned,
        name="question_not_concerned",
    ),
    path("candidatures/<int:pk>/notes/", corresponding.add_note, name="note_add"),
    path("candidatures/notes/<int:pk>/", corresponding.note_page, name="note"),
    path("candidatures/notes/<int:pk>/supprimer/", corresponding.remove_note, name="note_remove"),
    path("candidatures/<int:pk>/messages/", corresponding.send_message, name="message_send"),
    path("candidatures/<int:pk>/messages/lus/", corresponding.messages_read, name="messages_read"),
    path("candidatures/<int:pk>/complements/", correcting.correct, name="correct"),
    path("candidatures/complements/<int:pk>/delai/", correcting.move, name="correction_move"),
    path("candidatures/complements/<int:pk>/annuler/", correcting.cancel, name="correction_cancel"),
    path(
        "candidatures/<int:pk>/pieces-complementaires/",
        correcting.further_document,
        name="further_document",
    ),
    path(
        "candidatures/<int:pk>/pieces-complementaires/<int:requirement>/retirer/",
        correcting.drop_document,
        name="further_document_drop",
    ),
]
