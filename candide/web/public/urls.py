from django.urls import path

from candide.web.public import assistance, catalogue, erased, form_return, home, verifying

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("entrer/", home.after_login, name="after_login"),
    path("assistance/", assistance.assistance, name="assistance"),
    path("donnees-personnelles/", home.privacy, name="privacy"),
    path("donnees-personnelles/effacees/", erased.erased, name="erased"),
    path("verifier/", verifying.verify_letter, name="verify"),
    path("retour-formulaire/<str:token>/", form_return.form_return, name="form_return"),
    path("offre/", catalogue.catalogue, name="catalogue"),
    path("offre/<slug:slug>/", catalogue.programme, name="programme"),
]
