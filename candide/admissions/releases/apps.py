from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "candide.admissions.releases"
    label = "releases"
