from django.urls import path

from candide.api import (
    applications,
    calendars,
    catalogue,
    decisions,
    description,
    documents,
    figures,
    writing,
)

app_name = "api"
urlpatterns = [
    path("", description.page, name="description"),
    path("v1/openapi.json", description.schema, name="schema"),
    path("v1/programmes/", catalogue.programmes, name="programmes"),
    path("v1/programmes/<slug:slug>/", catalogue.programme, name="programme"),
    path("v1/openings/", catalogue.openings, name="openings"),
    path("v1/centres/", catalogue.centres, name="centres"),
    path("v1/calendar.ics", calendars.whole, name="calendar"),
    path("v1/centres/<str:code>/calendar.ics", calendars.centre, name="centre_calendar"),
    path("v1/programmes/<slug:slug>/calendar.ics", calendars.programme, name="programme_calendar"),
    path("v1/token/", applications.token, name="token"),
    path("v1/applications/", applications.applications, name="applications"),
    path("v1/applications/<int:pk>/", applications.application, name="application"),
    path("v1/applications/<int:pk>/documents/", documents.documents, name="documents"),
    path("v1/applications/<int:pk>/documents/<int:requirement>/file/", documents.file, name="file"),
    path("v1/applications/<int:pk>/status/", writing.set_status, name="set_status"),
    path("v1/applications/<int:pk>/decision/", writing.enter, name="enter_decision"),
    path("v1/decisions/", decisions.decisions, name="decisions"),
    path("v1/decision-types/", decisions.decision_choices, name="decision_choices"),
    path("v1/statistics/", figures.statistics, name="statistics"),
    path("v1/pre-enrolments/", figures.pre_enrolments, name="pre_enrolments"),
]
