from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "candide.admissions.campaigns"
    label = "campaigns"
