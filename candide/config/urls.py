from django.urls import include, path

from candide.core.health import healthz
from candide.web.monitoring.metrics import metrics
from candide.web.monitoring.readiness import readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("candide.web.public.urls")),
    path("", include("candide.web.shared.urls")),
    path("api/", include("candide.api.urls")),
    path("compte/", include("candide.web.public.account.urls")),
    path("espace/", include("candide.web.candidate.urls")),
    path("gestion/", include("candide.web.staff.urls")),
]

handler400 = "candide.web.shared.errors.bad_request"
handler403 = "candide.web.shared.errors.forbidden"
handler404 = "candide.web.shared.errors.not_found"
handler500 = "candide.web.shared.errors.server_error"
