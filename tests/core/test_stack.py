"""Deep calls find room on the stack."""

from concurrent.futures import ThreadPoolExecutor
from resource import RUSAGE_THREAD, getrusage

from django.http import HttpResponse

from candide.core.middleware import RoomMiddleware


def call_at_depth(depth):
    if depth:
        call_at_depth(depth - 1)


def faults_of_deep_calls():
    """How often this thread was given memory anew while calls went up and down."""
    call_at_depth(800)
    before = getrusage(RUSAGE_THREAD).ru_minflt
    for depth in range(800):
        call_at_depth(depth)
    return getrusage(RUSAGE_THREAD).ru_minflt - before


def test_a_request_is_answered_with_room():
    """In a thread of its own, as those of the web server: a test has room already."""
    answer = RoomMiddleware(lambda _request: HttpResponse(str(faults_of_deep_calls())))

    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(answer, None).result()

    assert int(found.content) < 500
