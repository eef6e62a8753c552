from django.apps import AppConfig


class LeasesConfig(AppConfig):
    name = "candide.foundation.leases"
    label = "leases"
