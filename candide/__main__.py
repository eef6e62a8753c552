"""The `candide` command: serve, worker, import, demo, check, and Django's own commands."""

import os
import re
import sys

from environs import EnvError

# What needs no settings, so that somebody who has not set any yet can ask.
ASKING = {"help", "--help", "-h", "version", "--version"}


def main() -> int:
    """Run one command; a wrong setting ends it with one clear sentence instead of a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candide.config.settings")
    # What is written here is about people: nobody else on the machine reads it.
    os.umask(0o027)
    from django.conf import settings  # noqa: PLC0415 -- read once the module is named
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 -- as above
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- as above

    try:
        if not ASKING.intersection(sys.argv[1:2] or ["help"]):
            _ = settings.INSTALLED_APPS
        execute_from_command_line(sys.argv)
    except (EnvError, ImproperlyConfigured) as error:
        sentence = re.sub(r"\['(.*)'\]", r"\1", str(error))
        print(f"candide: wrong setting: {sentence} See docs/settings.md.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
