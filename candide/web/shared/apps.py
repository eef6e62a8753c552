from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "candide.web.shared"
    label = "web_shared"
