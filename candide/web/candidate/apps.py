from importlib import import_module

from django.apps import AppConfig


class CandidateConfig(AppConfig):
    name = "candide.web.candidate"
    label = "web_candidate"

    def ready(self) -> None:
        import_module("candide.web.candidate.links")
