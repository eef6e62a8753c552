"""Addresses of the administrators' pages: what keeps the service running."""

from django.urls import path

from candide.web.staff.operation import jobs

JOBS = "parametrage/traitements/"

urlpatterns = [
    path(JOBS, jobs.job_list, name="jobs"),
    path(f"{JOBS}<slug:code>/", jobs.job_page, name="job"),
    path(f"{JOBS}<slug:code>/programmation/", jobs.job_plan, name="job_plan"),
    path(f"{JOBS}<slug:code>/<slug:act>/", jobs.job_act, name="job_act"),
]
