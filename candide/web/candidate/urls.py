from django.urls import include, path

from candide.web.candidate import applications, applying, space

app_name = "candidate"
urlpatterns = [
    path("", space.space, name="space"),
    path("dossier/", include("candide.web.candidate.file.urls")),
    path("candidater/<int:pk>/", applying.apply, name="apply"),
    path("candidatures/", applications.applications, name="applications"),
    path("candidatures/", include("candide.web.candidate.application.urls")),
]
