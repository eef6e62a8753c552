from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MailsConfig(AppConfig):
    name = "candide.institution.mails"
    label = "mails"

    def ready(self) -> None:
        autodiscover_modules("mails")
