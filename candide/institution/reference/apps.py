from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "candide.institution.reference"
    label = "reference"
