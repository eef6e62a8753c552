from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "candide.admissions.decisions"
    label = "decisions"
