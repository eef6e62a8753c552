from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "candide.web.public"
    label = "web_public"
