from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "candide.reporting.statistics"
    label = "statistics"
