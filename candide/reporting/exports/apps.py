from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "candide.reporting.exports"
    label = "exports"
