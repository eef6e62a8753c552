from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "candide.foundation.jobs"
    label = "jobs"
