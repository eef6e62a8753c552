"""System checks of an installation."""

import os
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

OLDEST_SAFE_SQLITE = (3, 51, 3)


@register(Tags.database)
def check_sqlite_version(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """SQLite before 3.51.3 can corrupt a database in WAL mode."""
    errors: list[CheckMessage] = []
    for alias in databases or []:
        connection: Any = connections[alias]
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


@register(Tags.files, deploy=True)
def check_data_directory(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Uploaded files and, on SQLite, the database are written there."""
    if os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The directory {settings.DATA_DIR} does not exist or cannot be written.",
            hint="Create it for the user the processes run as, or set CANDIDE_DATA_DIR.",
            id="candide.E002",
        )
    ]


@register(deploy=True)
def check_sender(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Mails from the address of the default are refused everywhere."""
    if not settings.DEFAULT_FROM_EMAIL.endswith(".invalid"):
        return []
    return [Warning("CANDIDE_MAIL_FROM is not set: no mail will arrive.", id="candide.W001")]
