"""When what could not be told is tried again."""

from datetime import timedelta

PAUSE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 1, 2, 4 … minutes, at most four hours.

    >>> wait_after(3)
    datetime.timedelta(seconds=240)
    """
    return min(PAUSE * 2 ** min(max(attempts, 1) - 1, 12), LONGEST_WAIT)
