from django.apps import AppConfig


class RunsConfig(AppConfig):
    name = "candide.foundation.runs"
    label = "runs"
