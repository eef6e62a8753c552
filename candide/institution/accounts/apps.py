from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "candide.institution.accounts"
    label = "accounts"
