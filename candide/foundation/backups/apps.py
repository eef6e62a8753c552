from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "candide.foundation.backups"
    label = "backups"
