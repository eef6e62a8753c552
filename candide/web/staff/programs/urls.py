"""Addresses of the pages about other systems."""

from django.urls import path

from candide.web.staff.programs import tokens

TOKENS = "parametrage/jetons/"

urlpatterns = [
    path(TOKENS, tokens.token_list, name="tokens"),
    path(f"{TOKENS}nouveau/", tokens.token_new, name="token_new"),
    path(f"{TOKENS}<int:pk>/", tokens.token_page, name="token"),
]
