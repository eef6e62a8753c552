from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "candide.demo"
    label = "demo"
