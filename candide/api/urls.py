from django.urls import path

from candide.api import calendars, catalogue, description

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
]
