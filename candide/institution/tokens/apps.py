from django.apps import AppConfig


class TokensConfig(AppConfig):
    name = "candide.institution.tokens"
    label = "tokens"
