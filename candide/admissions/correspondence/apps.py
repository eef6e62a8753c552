from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "candide.admissions.correspondence"
    label = "correspondence"
