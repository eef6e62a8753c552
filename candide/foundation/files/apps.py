from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "candide.foundation.files"
    label = "files"
