from django.apps import AppConfig


class CandidateConfig(AppConfig):
    name = "candide.web.candidate"
    label = "web_candidate"
