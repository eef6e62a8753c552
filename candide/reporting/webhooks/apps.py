from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "candide.reporting.webhooks"
    label = "webhooks"
