from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "candide.core"
    label = "core"

    def ready(self) -> None:
        from candide.core import checks  # noqa: F401, PLC0415 -- registers the checks
