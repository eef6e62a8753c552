"""Room for deep calls.

CPython keeps the frames of calls in chunks of 16 KiB. It maps the next one when calls reach beyond
the end of a chunk, and gives it back as soon as they return: a loop that stands just there maps and
unmaps memory at each turn, which took a quarter of the time of the page of an application (CPython
3.11). A CPython that keeps one chunk (its issue 142183) does without this.
"""

from collections.abc import Callable
from typing import Any

WORDS = 70_000  # more than half of a mebibyte, so that the chunk made for them is a whole one


def with_room(function: Callable[..., Any], *args: Any) -> Any:
    """What `function` returns. The frame of this call asks for a chunk of a mebibyte; all calls
    below it find room in the rest. Memory nobody touches is not taken."""
    return function(*args)


# By another name it is not equal to the code it was: what measures coverage puts that back.
with_room.__code__ = with_room.__code__.replace(co_stacksize=WORDS, co_name="with_much_room")
