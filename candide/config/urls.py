from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from candide.core.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("candide.web.public.urls")),
    path("", include("candide.web.shared.urls")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("compte/", include("allauth.urls")),
    path("espace/", include("candide.web.candidate.urls")),
    path("gestion/", include("candide.web.staff.urls")),
]

handler400 = "candide.web.shared.errors.bad_request"
handler403 = "candide.web.shared.errors.forbidden"
handler404 = "candide.web.shared.errors.not_found"
handler500 = "candide.web.shared.errors.server_error"
