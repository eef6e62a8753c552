"""Static files: of the packages that bring assets, only what pages use is collected."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leaves out the variants nothing links to; compressing them would take most of the time of a
    first start."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.rtl.*",
        "*.esm.*",
        "bootstrap-grid.*",
        "bootstrap-reboot.*",
        "bootstrap-utilities.*",
        "hx-*",
        "htmx-4*",
        "htmax-4*",
        "webauthn*",
    ]
