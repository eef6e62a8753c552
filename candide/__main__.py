"""The `candide` command: serve, worker, import, demo, check, and Django's own commands."""

import os
import sys

from environs import EnvError


def main() -> int:
    """Run one command; a wrong setting ends it with one clear sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candide.config.settings")
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- reads no settings
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except (EnvError, ImproperlyConfigured) as error:
        print(f"candide: wrong setting: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
