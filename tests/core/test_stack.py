"""Deep calls find room on the stack."""

from concurrent.futures import ThreadPoolExecutor
from resource import RUSAGE_THREAD, getrusage

from django.conf import settings
from django.utils.module_loading import import_string


def call_at_depth(depth):
    if depth:
        call_at_depth(depth - 1)


def deep_calls_find_room():
    """Whether calls may go up and down, and this thread is hardly given memory anew."""
    call_at_depth(800)
    before = getrusage(RUSAGE_THREAD).ru_minflt
    for depth in range(800):
        call_at_depth(depth)
    return getrusage(RUSAGE_THREAD).ru_minflt - before < 500  # without room some thousands


def test_whatever_answers_a_request_finds_room():
    """In a thread of its own, as those of the web server: a test has room already."""
    outermost = import_string(settings.MIDDLEWARE[0])

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(outermost(lambda _request: deep_calls_find_room()), None).result()
