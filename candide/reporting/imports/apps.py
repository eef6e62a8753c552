from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "candide.reporting.imports"
    label = "imports"
