"""What is done to uploaded files, inside `candide.core.sandbox`: this package is the only code
that opens one. It imports nothing of Django, so that its process starts quickly."""

from collections.abc import Callable
from typing import Any

Report = Callable[[dict[str, Any]], None]


def handle(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Do one task: `prepare` uploads as one document, or draw the `picture` of a page."""
    if request["task"] == "picture":
        # Each task imports only its own libraries: the start-up is most of its cost.
        from candide.foundation.files.worker.pictures import picture  # noqa: PLC0415

        return picture(request)

    from candide.foundation.files.worker.preparing import prepare  # noqa: PLC0415

    return prepare(request, report)
