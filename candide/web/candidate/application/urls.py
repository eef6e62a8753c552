from django.urls import path

from candide.web.candidate.application import (
    acts,
    documents,
    downloads,
    forms,
    messages,
    page,
    questions,
)

urlpatterns = [
    path("<int:pk>/", page.application_page, name="application"),
    path("<int:pk>/transmettre/", acts.transmit_dossier, name="transmit"),
    path("<int:pk>/annuler/", acts.cancel_application, name="cancel"),
    path("<int:pk>/confirmer/", acts.accept_offer, name="accept"),
    path("<int:pk>/se-desister/", acts.withdraw_application, name="withdraw"),
    path("<int:pk>/messages/", messages.send_message, name="message_send"),
    path("<int:pk>/messages/lus/", messages.messages_read, name="messages_read"),
    path("<int:pk>/dossier.pdf", downloads.download_dossier, name="dossier"),
    path("<int:pk>/accuse-<int:number>.pdf", downloads.download_receipt, name="receipt"),
    path("<int:pk>/lettre.pdf", downloads.download_letter, name="letter"),
    path(
        "<int:pk>/pieces/<int:requirement>/deposer/",
        documents.upload_document,
        name="document_upload",
    ),
    path("<int:pk>/pieces/<int:requirement>/supprimer/", documents.remove, name="document_remove"),
    path(
        "<int:pk>/pieces/<int:requirement>/non-concerne/",
        documents.not_concerned,
        name="document_not_concerned",
    ),
    path(
        "<int:pk>/pieces/<int:requirement>/fichier",
        documents.document_file,
        name="document_file",
    ),
    path(
        "<int:pk>/pieces/<int:requirement>/original-<int:position>",
        documents.document_original,
        name="document_original",
    ),
    path(
        "<int:pk>/pieces/<int:requirement>/modele",
        documents.requirement_template,
        name="requirement_template",
    ),
    path(
        "<int:pk>/formulaires/<int:form>/non-concerne/",
        forms.form_not_concerned,
        name="form_not_concerned",
    ),
    path("<int:pk>/questions/<int:question>/", questions.answer_question, name="question_answer"),
    path(
        "<int:pk>/questions/<int:question>/non-concerne/",
        questions.question_not_concerned,
        name="question_not_concerned",
    ),
]
