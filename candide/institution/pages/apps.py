from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "candide.institution.pages"
    label = "pages"
