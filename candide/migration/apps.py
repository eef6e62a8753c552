from django.apps import AppConfig


class MigrationConfig(AppConfig):
    name = "candide.migration"
    label = "migration"

    def ready(self) -> None:
        from candide.migration import command  # noqa: F401, PLC0415 -- registers the importer
