from contextlib import suppress
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class FilesConfig(AppConfig):
    name = "candide.foundation.files"
    label = "files"

    def ready(self) -> None:
        # Where it cannot be made, Django's own check of FILE_UPLOAD_TEMP_DIR says so.
        with suppress(OSError):
            Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
