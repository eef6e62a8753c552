"""How the parts of `make bench` set up and measure."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parent.parent
REQUESTS = int(os.environ.get("REQUESTS") or 50)
IS_CPU = os.environ.get("CLOCK") == "cpu"


@dataclass(frozen=True)
class Line:
    """One thing that was measured. `found` and `limits` hold figures by their unit: "queries",
    "ms", "×", "s", "MB"; what has no limit is only told."""

    HEAD: ClassVar[str] = f"{'':2}{'what':<60}found (at most)"

    what: str
    found: dict[str, float]
    limits: dict[str, float]
    wrong: str = ""

    @property
    def is_exceeded(self) -> bool:
        over = any(self.found[unit] > most for unit, most in self.limits.items())
        return over or bool(self.wrong)

    def __str__(self) -> str:
        figures = [
            f"{value:.{0 if unit in ('queries', 'MB') else 2}f} {unit}"
            + (f" ({self.limits[unit]:g})" if unit in self.limits else "")
            for unit, value in self.found.items()
        ]
        mark = "! " if self.is_exceeded else "  "
        return f"{mark}{self.what:<60}{', '.join(figures)} {self.wrong}".rstrip()


# -- Setting up ---------------------------------------------------------------------------------


def set_up_django(data: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "candide.config.settings",
        "CANDIDE_DEMO": "1",
        "CANDIDE_DATA_DIR": data,
        "CANDIDE_BASE_URL": "http://testserver",
        "CANDIDE_LOG_LEVEL": "ERROR",
    }
    sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
    import django
    from django.conf import settings

    settings.ROOT_URLCONF = "bench_urls"
    django.setup()


def prepare() -> None:
    from django.core.management import call_command

    call_command("prepare", verbosity=0)


def load(size: str) -> None:
    """Load the data, unless they are there already."""
    from django.core.management import call_command
    from django.db import connection

    from candide.demo.loading import is_loaded

    if is_loaded():
        print(f"\n{size} data as they were kept", flush=True)
    else:
        begun, busy = time.perf_counter(), time.process_time()
        call_command("demo", size=size)
        took, worked = time.perf_counter() - begun, time.process_time() - busy
        print(f"\n{size} data loaded in {took:.0f} s, {worked:.0f} s of the processor", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def use_database(name: str) -> None:
    """Have the connection be to another database of the same cluster."""
    from django.db import connection

    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name
    connection.ensure_connection()


def use_copy(name: str) -> None:
    """Work on a copy from here on: what was loaded stays as it is."""
    from django.db import connection

    loaded = connection.settings_dict["NAME"]
    use_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{loaded}" STRATEGY file_copy')
    use_database(name)
    server, _slash, _loaded = os.environ["CANDIDE_DATABASE_URL"].rpartition("/")
    os.environ["CANDIDE_DATABASE_URL"] = f"{server}/{name}"  # for the processes this one starts


# -- Measuring ----------------------------------------------------------------------------------


def seconds(work: Callable[[], Any]) -> float:
    begun = clock()
    work()
    return clock() - begun


def clock() -> float:
    """The time on the wall; or that of the processor, of this process, of those it waited for and
    of the one that serves its connection to the database."""
    if not IS_CPU:
        return time.perf_counter()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + _of_database()


def _of_database() -> float:
    """On this machine alone, and on Linux."""
    from django.db import connection

    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    numbers = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    try:
        return int(numbers.read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    from django.db import connection

    found: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        yield found
