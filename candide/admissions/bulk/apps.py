from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "candide.admissions.bulk"
    label = "bulk"
