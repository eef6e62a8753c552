"""`candide serve`: the web server of an installation, gunicorn with our settings."""

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from gunicorn.app.base import BaseApplication
from gunicorn.systemd import SD_LISTEN_FDS_START

# prometheus_client's own variable.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MEASURES = "candide-measures-"


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


def give_place(server: Any, worker: Any) -> None:
    """Before a worker is forked: the first place none of those that live has."""
    taken = {each.place for each in server.WORKERS.values()}
    worker.place = next(number for number in count(1) if number not in taken)


def take_place(server: Any, worker: Any) -> None:
    """In the worker, before anything of the service is loaded."""
    from candide.core import measuring  # noqa: PLC0415 -- it looks for the folder when it is loaded

    measuring.take_place(str(worker.place))


@contextmanager
def folder_of_measures() -> Iterator[Path]:
    """A folder in memory for what the workers of this server measure together, gone once it ends;
    of a server that was killed, once another one starts. Who lives holds a lock on its folder."""
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()  # noqa: S108 -- not ours to name
    place = Path(os.environ.get("RUNTIME_DIRECTORY") or shared)
    remove_abandoned(place)
    folder, held = make_folder(place)
    os.environ[FOLDER_VARIABLE] = str(folder)
    server = os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == server:  # a worker that ends comes by here too
            del os.environ[FOLDER_VARIABLE]
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)


def make_folder(place: Path) -> tuple[Path, int]:
    """A new folder, and the lock on it, which its workers inherit."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=MEASURES, dir=place))
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        if folder.is_dir():  # else another server, starting, took it for abandoned
            return folder, held
        os.close(held)


def remove_abandoned(place: Path) -> None:
    """The folders of servers that were killed: nobody holds their lock any more."""
    for folder in place.glob(f"{MEASURES}*"):
        try:
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:  # somebody else's, or gone meanwhile
            continue
        with suppress(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def is_handed_a_socket() -> bool:
    """Whether systemd listens for this process (`candide-web.socket`)."""
    return os.environ.get("LISTEN_PID") == str(os.getpid())


def place_of(handed: int) -> str:
    """Where this socket listens, as CANDIDE_LISTEN says it."""
    with socket.socket(fileno=os.dup(handed)) as held:
        name = held.getsockname()
        if held.family == socket.AF_UNIX:
            return f"unix:{os.fsdecode(name)}"
    host, port = name[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def refuse_another_place() -> None:
    """gunicorn takes the sockets it is handed and never looks at CANDIDE_LISTEN, which goes on
    saying whose word is taken for where a request came from. Raises `CommandError`."""
    if not is_handed_a_socket():
        return
    place = place_of(SD_LISTEN_FDS_START)
    if place != settings.LISTEN:
        raise CommandError(
            f"CANDIDE_LISTEN says {settings.LISTEN}, but systemd listens on {place}: say the same "
            "in ListenStream= of candide-web.socket."
        )


def options() -> dict[str, Any]:
    return {
        "bind": settings.LISTEN,
        "workers": settings.WEB_WORKERS,
        "worker_class": "gthread",
        "threads": settings.WEB_THREADS,
        # Without it one worker takes every kept-alive connection in about one run of three. A
        # socket that systemd holds cannot be opened again.
        "reuse_port": not settings.LISTEN.startswith("unix:") and not is_handed_a_socket(),
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
        "pre_fork": give_place,
        "post_fork": take_place,
    }


class Command(BaseCommand):
    help = "Serve the pages with gunicorn, on CANDIDE_LISTEN."

    def execute(self, *args: Any, **options: Any) -> Any:
        with folder_of_measures():  # before the checks load what measures
            return super().execute(*args, **options)

    def handle(self, **_: Any) -> None:
        refuse_another_place()
        Server(options()).run()
