from django.apps import AppConfig
from django.db import connection


class CoreConfig(AppConfig):
    name = "candide.core"
    label = "core"

    def ready(self) -> None:
        from candide.core import checks  # noqa: F401, PLC0415 -- registers the checks

        if connection.vendor == "postgresql":
            from candide.core.postgresql import write_lists_quickly  # noqa: PLC0415 -- loads psycopg

            write_lists_quickly()
