from django.urls import path

from candide.web.staff.bulk import letters, pages

urlpatterns = [
    path("actions/", pages.run_list, name="runs"),
    path("actions/<int:pk>/", pages.run_page, name="run"),
    path("actions/<int:pk>/faire/<slug:code>/", pages.run_action, name="run_action"),
    path("actions/<int:pk>/confirmer/", pages.run_confirm, name="run_confirm"),
    path("actions/<int:pk>/arreter/", pages.run_stop, name="run_stop"),
    path("actions/<int:pk>/reprendre/", pages.run_resume, name="run_resume"),
    path("actions/<int:pk>/lettres/", letters.take_letters, name="run_letters"),
    path("actions/<int:pk>/rapport.csv", pages.run_report, name="run_report"),
]
