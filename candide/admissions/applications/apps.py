from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "candide.admissions.applications"
    label = "applications"

    def ready(self) -> None:
        from candide.admissions.applications.domain import (  # noqa: PLC0415 -- needs the models
            student_documents,  # noqa: F401 -- registers who follows
        )
