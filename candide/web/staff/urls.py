from django.urls import path

from candide.web.staff import (
    acting,
    application,
    demonstration,
    enrolment,
    external_forms,
    letters,
    outbox,
    place,
    readings,
    register,
    routing,
    tags,
    today,
    whole_history,
)
from candide.web.staff.beside_urls import urlpatterns as beside_urls
from candide.web.staff.bulk.urls import urlpatterns as bulk_urls
from candide.web.staff.candidates.urls import urlpatterns as candidate_urls
from candide.web.staff.deciding.urls import urlpatterns as deciding_urls
from candide.web.staff.downloads.urls import urlpatterns as download_urls
from candide.web.staff.grid import page, saved
from candide.web.staff.handover.urls import urlpatterns as handover_urls
from candide.web.staff.mails.urls import urlpatterns as mail_urls
from candide.web.staff.operation.urls import urlpatterns as operation_urls
from candide.web.staff.programs.urls import urlpatterns as program_urls
from candide.web.staff.releases.urls import urlpatterns as release_urls
from candide.web.staff.rights.urls import urlpatterns as rights_urls
from candide.web.staff.settings import (
    asking,
    importing,
    institution,
    preview,
    sis_programmes,
    tacit,
    wording,
)
from candide.web.staff.settings.screens import setting_urls, settings_page
from candide.web.staff.statistics.urls import urlpatterns as statistics_urls

app_name = "staff"
urlpatterns = [
    path("", today.today, name="today"),
    path("lieu/", place.place_page, name="place"),
    path("candidatures/", page.application_list, name="applications"),
    path("candidatures/total/", page.application_total, name="application_total"),
    path("candidatures/colonnes/", saved.columns_page, name="columns"),
    path("candidatures/vues/", saved.saved_views, name="views"),
    path("candidatures/vues/nombres/", saved.view_counts, name="view_counts"),
    path("candidatures/vues/<int:pk>/supprimer/", saved.delete_saved_view, name="view_delete"),
    path("candidatures/<int:pk>/", application.application_page, name="application"),
    path("candidatures/<int:pk>/dossier.pdf", application.download_dossier, name="dossier"),
    path("candidatures/<int:pk>/lettre.pdf", application.letter, name="letter"),
    path("candidatures/<int:pk>/lettre/", letters.letter_page, name="letter_page"),
    path("candidatures/<int:pk>/lettre/editer/", letters.make, name="letter_make"),
    path("candidatures/<int:pk>/lettre/retirer/", letters.withdraw, name="letter_withdraw"),
    path(
        "candidatures/<int:pk>/pieces/<int:requirement>/fichier",
        application.document_file,
        name="document_file",
    ),
    path(
        "candidatures/<int:pk>/pieces/<int:requirement>/original-<int:position>",
        application.document_original,
        name="document_original",
    ),
    path(
        "candidatures/<int:pk>/formulaires/relancer/",
        external_forms.remind,
        name="remind_forms",
    ),
    path(
        "candidatures/<int:pk>/pieces/<int:requirement>/verifier/",
        acting.check_document,
        name="check_document",
    ),
    path("candidatures/<int:pk>/statut/", acting.set_status, name="set_status"),
    path("candidatures/<int:pk>/avis/", acting.enter, name="enter_decision"),
    path("candidatures/<int:pk>/avis/supprimer/", acting.remove_draft, name="delete_draft"),
    path("candidatures/<int:pk>/avis/publier/", acting.release_decision, name="release"),
    path("candidatures/<int:pk>/delai/", acting.extend, name="extend"),
    path("candidatures/<int:pk>/delai-reponse/", acting.extend_answer, name="extend_answer"),
    path("candidatures/<int:pk>/droits/", enrolment.enter_fees, name="enter_fees"),
    path("candidatures/<int:pk>/regime/", enrolment.enter_regime, name="enter_regime"),
    path("candidatures/<int:pk>/type-de-traitement/", routing.enter_route, name="enter_route"),
    path(
        "candidatures/<int:pk>/type-de-traitement/valider/",
        routing.confirm_route_page,
        name="confirm_route",
    ),
    path("candidatures/<int:pk>/retablir/", acting.restore_application, name="restore"),
    *beside_urls,
    path("candidatures/<int:pk>/etiquettes/", tags.change_tags, name="change_tags"),
    *bulk_urls,
    *deciding_urls,
    *release_urls,
    *candidate_urls,
    *download_urls,
    *handover_urls,
    path("demonstration/", demonstration.states, name="demonstration"),
    path("parametrage/registre/", register.register_page, name="register"),
    path("parametrage/historique/", whole_history.history_page, name="whole_history"),
    path("parametrage/consultations/", readings.reading_list, name="readings"),
    path("parametrage/consultations/<int:pk>/", readings.reading_page, name="reading"),
    path("mails/", outbox.mail_list, name="outbox"),
    path("mails/renvoyer/", outbox.retry_found, name="mails_retry"),
    path("mails/<int:pk>/", outbox.mail_page, name="mail"),
    path("mails/<int:pk>/renvoyer/", outbox.retry_mail, name="mail_retry"),
    *statistics_urls,
    path("parametrage/", settings_page, name="settings"),
    *rights_urls,
    *importing.URLS,
    *operation_urls,
    *program_urls,
    path("parametrage/silence/", tacit.tacit_page, name="tacit"),
    *mail_urls,
    path("parametrage/demandes/", asking.programme_list, name="asking"),
    path("parametrage/demandes/plusieurs/", asking.mass_links, name="asking_several"),
    path("parametrage/demandes/<int:pk>/", asking.asked_of, name="asked_of"),
    path("parametrage/demandes/apercu/<int:pk>/", preview.preview, name="asked_preview"),
    path("parametrage/etablissement/", institution.institution_page, name="institution"),
    path("parametrage/etablissement/logo", institution.institution_logo, name="institution_logo"),
    path(
        "parametrage/etablissement/<slug:slug>/",
        institution.institution_group,
        name="institution_group",
    ),
    path("parametrage/formations/<int:pk>/si/", sis_programmes.search, name="formations_sis"),
    path("parametrage/libelles/", wording.wording_page, name="wording"),
    *setting_urls(),
]
