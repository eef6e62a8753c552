from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "candide.reporting.privacy"
    label = "privacy"
