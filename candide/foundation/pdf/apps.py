from django.apps import AppConfig


class PdfConfig(AppConfig):
    name = "candide.foundation.pdf"
    label = "pdf"
