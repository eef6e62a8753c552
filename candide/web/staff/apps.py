from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "candide.web.staff"
    label = "web_staff"
