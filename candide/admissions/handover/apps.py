from django.apps import AppConfig


class HandoverConfig(AppConfig):
    name = "candide.admissions.handover"
    label = "handover"
