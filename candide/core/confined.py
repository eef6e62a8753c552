"""The inside of `candide.core.sandbox`: bounds itself first, then does what it is asked.

Started as `python -P -m candide.core.confined`; reads one JSON order from standard input, writes
one JSON message a line. Imports nothing but the standard library before the bounds hold.
"""

import importlib
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any, TextIO


def confine(bounds: dict[str, Any]) -> None:  # pragma: no cover -- only in the process it bounds
    """Bound this process for good."""
    memory, written = bounds["memory_bytes"], bounds["written_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds["cpu_seconds"], bounds["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    # Ends us even if whoever started us was killed and no longer watches the clock.
    signal.setitimer(signal.ITIMER_REAL, bounds["seconds"] + 5)


def obey(order: dict[str, Any], out: TextIO) -> None:
    """Do the work and say what came of it."""

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    try:
        handle = importlib.import_module(order["module"]).handle
        result = handle(order["request"], lambda report: say({"report": report}))
    except MemoryError:
        say({"failed": "memory", "where": order["module"]})
    except Exception as error:
        say({"failed": "crash", "where": _where(error)})
    else:
        say({"result": result})


def _where(error: Exception) -> str:
    """The kind and place of an error, without its text: that could quote the file."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename}:{last.lineno}"


def main() -> None:  # pragma: no cover -- only in the process it bounds
    order = json.load(sys.stdin)
    confine(order["bounds"])
    # What libraries print must not mix with what we say.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        obey(order, out)


if __name__ == "__main__":  # pragma: no cover -- only in the process it bounds
    main()
