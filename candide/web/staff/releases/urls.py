from django.urls import path

from candide.web.staff.releases import acting, pages

ONE = "publications/<int:pk>/"

urlpatterns = [
    path("publications/", pages.release_list, name="releases"),
    path(ONE, pages.release_page, name="release_page"),
    path(f"{ONE}lignes/<int:position>/", pages.release_row, name="release_row"),
    path(f"{ONE}lignes/<int:position>/lettre.pdf", pages.release_letter, name="release_letter"),
    path(f"{ONE}rapport.csv", pages.release_report, name="release_report"),
    path(f"{ONE}publier/", acting.release_at_once, name="release_now"),
    path(f"{ONE}planifier/", acting.release_plan, name="release_plan"),
    path(f"{ONE}deplanifier/", acting.release_unplan, name="release_unplan"),
    path(f"{ONE}accord/", acting.release_agree, name="release_agree"),
    path(f"{ONE}preparer/", acting.release_prepare_again, name="release_prepare_again"),
    path(f"{ONE}suite/", acting.release_continue, name="release_continue"),
    path(f"{ONE}abandonner/", acting.release_give_up, name="release_give_up"),
    path(f"{ONE}arreter/", acting.release_stop, name="release_stop"),
    path(f"{ONE}reprendre/", acting.release_resume, name="release_resume"),
]
