from django.urls import path

from candide.web.staff.statistics import pages

urlpatterns = [
    path("statistiques/", pages.overview, name="statistics"),
    path("statistiques/<slug:level>/", pages.level_table, name="statistics_level"),
    path("statistiques/formations/<int:pk>/", pages.programme, name="statistics_programme"),
]
