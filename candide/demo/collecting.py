"""Sparing the loading the search for cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Do not look for cycles among the hundreds of thousands of rows that are made: a fifth of the
    time would go there. They are looked for afterwards, among what is young. It nests: what a batch
    leaves is looked for when that batch ends, so that memory stays bounded."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
        gc.collect(1)
