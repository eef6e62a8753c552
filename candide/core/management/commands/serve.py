"""`candide serve`: the web server of an installation, gunicorn with our settings."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.servers.basehttp import get_internal_wsgi_application
from gunicorn.app.base import BaseApplication


class Server(BaseApplication):
    """gunicorn, with options from Candide's settings instead of a file of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """What each worker does after it was forked and before it accepts a connection."""
        return get_internal_wsgi_application()


def options() -> dict[str, Any]:
    return {
        "bind": settings.LISTEN,
        "workers": settings.WEB_WORKERS,
        "worker_class": "gthread",
        "threads": settings.WEB_THREADS,
        # Without it one worker takes every kept-alive connection in about one run of three.
        "reuse_port": not settings.LISTEN.startswith("unix:"),
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        # The heartbeat file must not wait for a disk.
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 -- not ours to name
        "forwarded_allow_ips": "*" if settings.LISTEN.startswith("unix:") else "127.0.0.1,::1",
        "loglevel": "warning",
        "proc_name": "candide",
        # The manager's control socket is not used; without it nothing else listens.
        "control_socket_disable": True,
    }


class Command(BaseCommand):
    help = "Serve the pages with gunicorn, on CANDIDE_LISTEN."

    def handle(self, **_: Any) -> None:
        Server(options()).run()
