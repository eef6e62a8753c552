from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "candide.foundation.history"
    label = "history"
