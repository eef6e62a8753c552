from django.urls import path

from candide.web.staff.deciding import examination, intakes, reserve, rows, sheet

urlpatterns = [
    path(
        "candidatures/<int:pk>/fiche-examen.pdf",
        examination.examination_sheet,
        name="examination_sheet",
    ),
    path("avis/", intakes.intake_list, name="intakes"),
    path("avis/<int:pk>/", rows.decision_list, name="decision_list"),
    path("avis/<int:pk>/liste/", reserve.reserve_list, name="reserve_list"),
    path("avis/<int:pk>/liste/ordre/", reserve.reserve_order, name="reserve_order"),
    path("avis/<int:pk>/liste/appeler/", reserve.reserve_call, name="reserve_call"),
    path("avis/<int:pk>/tableur/", sheet.decision_sheet, name="decision_sheet"),
    path("avis/<int:pk>/tableur.<str:format>", sheet.decision_model, name="decision_model"),
]
