from django.apps import AppConfig


class MailsConfig(AppConfig):
    name = "candide.institution.mails"
    label = "mails"
