from django.urls import include, path

from candide.web.candidate import applications, applying, own_data, space

app_name = "candidate"
urlpatterns = [
    path("", space.space, name="space"),
    path("dossier/", include("candide.web.candidate.file.urls")),
    path("candidater/<int:pk>/", applying.apply, name="apply"),
    path("candidatures/", applications.applications, name="applications"),
    path("mes-donnees/", own_data.own_data, name="own_data"),
    path("mes-donnees/demander/", own_data.ask, name="own_data_ask"),
    path("mes-donnees/telecharger/", own_data.take_away, name="own_data_take"),
    path("mes-donnees/effacer/", own_data.erase_own, name="own_data_erase"),
    path("candidatures/", include("candide.web.candidate.application.urls")),
]
