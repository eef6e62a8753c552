from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "candide.institution.catalogue"
    label = "catalogue"
