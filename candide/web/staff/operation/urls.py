"""Addresses of the administrators' pages: what keeps the service running."""

from django.urls import path

from candide.web.staff.operation import (
    checks,
    files,
    jobs,
    service,
    sessions,
    sign_ins,
    student_system,
)

JOBS = "parametrage/traitements/"

SERVICE = "parametrage/service/"
SYSTEM = "parametrage/systeme-de-scolarite/"

urlpatterns = [
    path(SERVICE, service.service_page, name="service"),
    path(f"{SERVICE}etat/", service.service_mode, name="service_mode"),
    path(f"{SERVICE}fermeture/", service.service_plan, name="service_plan"),
    path(f"{SERVICE}message/", service.service_broadcast, name="service_broadcast"),
    path("parametrage/controles/", checks.check_list, name="checks"),
    path("parametrage/controles/<slug:code>/", checks.check_now, name="check_now"),
    path(SYSTEM, student_system.system_page, name="student_system"),
    path(f"{SYSTEM}reprendre/", student_system.system_resume, name="student_system_resume"),
    path(f"{SYSTEM}<slug:code>/", student_system.system_try, name="student_system_try"),
    path("parametrage/fichiers/", files.missing_files, name="missing_files"),
    path("parametrage/sessions/", sessions.session_list, name="sessions"),
    path("parametrage/sessions/journal/", sign_ins.journal, name="sign_ins"),
    path("parametrage/sessions/<int:pk>/fermer/", sessions.session_end, name="session_end"),
    path(JOBS, jobs.job_list, name="jobs"),
    path(f"{JOBS}<slug:code>/", jobs.job_page, name="job"),
    path(f"{JOBS}<slug:code>/programmation/", jobs.job_plan, name="job_plan"),
    path(f"{JOBS}<slug:code>/<slug:act>/", jobs.job_act, name="job_act"),
]
