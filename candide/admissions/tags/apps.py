from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "candide.admissions.tags"
    label = "tags"
