from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "candide.api"
    label = "api"
