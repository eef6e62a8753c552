"""Addresses of what stands beside the dossier."""

from django.urls import path

from candide.web.staff import correcting, corresponding

urlpatterns = [
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
