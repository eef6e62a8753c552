"""System checks of an installation."""

from typing import Any

from django.core.checks import Error, Tags, register
from django.db import connections

OLDEST_SAFE_SQLITE = (3, 51, 3)


@register(Tags.database)
def check_sqlite_version(databases: list[str] | None = None, **kwargs: Any) -> list[Error]:
    """SQLite before 3.51.3 can corrupt a database in WAL mode."""
    errors = []
    for alias in databases or []:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        version = connection.Database.sqlite_version_info
        if version < OLDEST_SAFE_SQLITE:
            found = ".".join(str(part) for part in version)
            errors.append(
                Error(
                    f"SQLite {found} can corrupt the database; 3.51.3 or newer is needed.",
                    hint="Use the engine candide.core.sqlite, which brings its own SQLite.",
                    id="candide.E001",
                )
            )
    return errors
