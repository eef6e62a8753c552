from django.apps import AppConfig


class DownloadsConfig(AppConfig):
    name = "candide.foundation.downloads"
    label = "downloads"
