"""What is done to uploaded files, inside `candide.core.sandbox`: this package is the only code
that opens one. It imports nothing of Django, so that its process starts quickly."""

from collections.abc import Callable
from typing import Any

Report = Callable[[dict[str, Any]], None]


def handle(request: dict[str, Any], report: Report) -> dict[str, Any]:
    """Do one task: `prepare` uploads as one document, or draw the `picture` of a page."""
    if request["task"] == "picture":
        from candide.foundation.files.worker import pictures  # noqa: PLC0415 -- start-up is its cost

        return pictures.picture(request)

    from candide.foundation.files.worker import preparing  # noqa: PLC0415 -- start-up is its cost

    return preparing.prepare(request, report)
