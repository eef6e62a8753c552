from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "candide.admissions.applications"
    label = "applications"
