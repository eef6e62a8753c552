from django.apps import AppConfig


class RequirementsConfig(AppConfig):
    name = "candide.institution.requirements"
    label = "requirements"
