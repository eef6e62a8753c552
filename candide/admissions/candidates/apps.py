from django.apps import AppConfig


class CandidatesConfig(AppConfig):
    name = "candide.admissions.candidates"
    label = "candidates"
