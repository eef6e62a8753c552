"""Sparing the loading the search for cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Do not look for cycles among the hundreds of thousands of rows that are made: a fifth of the
    time would go there. They are looked for once afterwards, among what is young: that is where
    all of it is."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.collect(0)
