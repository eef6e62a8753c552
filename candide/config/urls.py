from django.urls import include, path

urlpatterns = [
    path("", include("candide.web.public.urls")),
    path("compte/", include("allauth.urls")),
    path("espace/", include("candide.web.candidate.urls")),
    path("gestion/", include("candide.web.staff.urls")),
]

handler400 = "candide.web.shared.errors.bad_request"
handler403 = "candide.web.shared.errors.forbidden"
handler404 = "candide.web.shared.errors.not_found"
handler500 = "candide.web.shared.errors.server_error"
