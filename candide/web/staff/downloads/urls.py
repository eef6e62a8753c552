from django.urls import path

from candide.web.staff.downloads import applications, files, pages

urlpatterns = [
    path("candidatures/exporter/", applications.export_page, name="export"),
    path(
        "candidatures/exporter/modeles/<int:pk>/supprimer/",
        applications.template_delete,
        name="export_template_delete",
    ),
    path("candidatures/telecharger/", files.files_page, name="files"),
    path("parametrage/exporter/<slug:code>/", files.export_table, name="export_table"),
    path("exports/", pages.download_list, name="downloads"),
    path("exports/<int:pk>/", pages.download_page, name="download"),
    path("exports/<int:pk>/fichier", pages.download_take, name="download_take"),
    path("exports/<int:pk>/arreter/", pages.download_stop, name="download_stop"),
    path("exports/<int:pk>/reprendre/", pages.download_resume, name="download_resume"),
    path("exports/<int:pk>/supprimer/", pages.download_delete, name="download_delete"),
]
