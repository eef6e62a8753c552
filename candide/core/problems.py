"""What programs are told when there is no other answer (RFC 9457, `application/problem+json`)."""

from http import HTTPStatus
from typing import Any

PROBLEM = "application/problem+json"


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """`code` is for programs, `detail` for people; what else there is stands beside."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
