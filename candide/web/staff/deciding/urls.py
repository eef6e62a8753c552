from django.urls import path

from candide.web.staff.deciding import sheet

urlpatterns = [
    path("avis/<int:pk>/tableur/", sheet.decision_sheet, name="decision_sheet"),
    path("avis/<int:pk>/tableur.<str:format>", sheet.decision_model, name="decision_model"),
]
