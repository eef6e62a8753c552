from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "candide.institution.access"
    label = "access"
