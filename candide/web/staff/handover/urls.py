"""The addresses of the hand-over to the student system."""

from django.urls import path

from candide.web.staff.handover import codes, deliveries, pages, reports

urlpatterns = [
    path("remontee/", pages.handover_list, name="handover"),
    path("remontee/agir/", pages.act, name="handover_act"),
    path("remontee/<int:pk>/", pages.handover_page, name="handover_row"),
    path("remontee/fichiers/", deliveries.delivery_list, name="handover_files"),
    path("remontee/fichiers/preparer/", deliveries.prepare, name="handover_prepare"),
    path("remontee/fichiers/<int:pk>/archive/", deliveries.archive, name="handover_archive"),
    path("remontee/fichiers/<int:pk>/charge/", deliveries.loaded, name="handover_loaded"),
    path("remontee/fichiers/<int:pk>/<int:file>/", deliveries.take_file, name="handover_file"),
    path("remontee/rapports/", reports.report_list, name="handover_reports"),
    path("remontee/rapports/nomenclatures/", reports.ask, name="handover_nomenclatures"),
    path("remontee/rapports/<int:pk>/", reports.report_page, name="handover_report"),
    path("candidatures/<int:pk>/code-inscription/", codes.enter, name="enter_code"),
]
