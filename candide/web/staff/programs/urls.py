"""Addresses of the pages about other systems."""

from django.urls import path

from candide.web.staff.programs import tokens, webhooks

TOKENS = "parametrage/jetons/"
WEBHOOKS = "parametrage/webhooks/"

urlpatterns = [
    path(TOKENS, tokens.token_list, name="tokens"),
    path(f"{TOKENS}nouveau/", tokens.token_new, name="token_new"),
    path(f"{TOKENS}<int:pk>/", tokens.token_page, name="token"),
    path(WEBHOOKS, webhooks.webhook_list, name="webhooks"),
    path(f"{WEBHOOKS}nouveau/", webhooks.webhook_new, name="webhook_new"),
    path(f"{WEBHOOKS}<int:pk>/", webhooks.webhook_page, name="webhook"),
    path(f"{WEBHOOKS}<int:pk>/service/", webhooks.webhook_switch, name="webhook_switch"),
    path(f"{WEBHOOKS}<int:pk>/essai/", webhooks.webhook_try, name="webhook_try"),
    path(f"{WEBHOOKS}<int:pk>/supprimer/", webhooks.webhook_delete, name="webhook_delete"),
    path(f"{WEBHOOKS}<int:pk>/rappeler/", webhooks.webhook_replay, name="webhook_replay"),
]
