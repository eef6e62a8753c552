"""What may be kept of an error: what kind and where, never its message, which may hold names,
addresses or texts of a person."""

import os
import traceback

# The folder of the package: the repository itself may be in one of the same name.
_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def summary(error: BaseException) -> str:
    """`error` in one line of at most 300 characters.

    >>> try:
    ...     {}["secret"]
    ... except KeyError as error:
    ...     summary(error).split(" at ")[0]
    'KeyError'
    """
    name = type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return name
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)] or frames
    place = "/".join(ours[-1].filename.rsplit("/", 3)[1:])
    return f"{name} at {place}:{ours[-1].lineno}"[:300]


def frames(error: BaseException) -> str:
    """Where `error` came through, for the log: files and lines, no values."""
    through = traceback.extract_tb(error.__traceback__)
    return "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in through)
