from django.urls import path

from candide.web.staff.mails import texts

urlpatterns = [
    path("parametrage/mails/", texts.text_list, name="mail_texts"),
    path("parametrage/mails/<slug:code>/", texts.text_page, name="mail_text"),
    path("parametrage/mails/<slug:code>/origine/", texts.text_reset, name="mail_text_reset"),
    path(
        "parametrage/mails/<slug:code>/centre/<int:pk>/",
        texts.text_page,
        name="mail_text_of_centre",
    ),
    path(
        "parametrage/mails/<slug:code>/centre/<int:pk>/origine/",
        texts.text_reset,
        name="mail_text_of_centre_reset",
    ),
]
