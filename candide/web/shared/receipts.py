"""The receipt of an erasure, for the visit of somebody who has no account any more: the session
that begins when they were signed out holds it until it was shown, once."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from candide.reporting.privacy.domain.erasing import Receipt

KEY = "erasure_receipt"


def hand_receipt(request: HttpRequest, receipt: Receipt) -> None:
    request.session[KEY] = {
        "number": receipt.number,
        "file_number": receipt.file_number,
        "at": receipt.at.isoformat(),
        "applications": receipt.applications,
        "files": receipt.files,
    }


def handed_receipt(request: HttpRequest) -> Receipt | None:
    """The one of this visit, which is forgotten here: others may use this browser next."""
    found: dict[str, Any] | None = request.session.pop(KEY, None)
    if found is None:
        return None
    return Receipt(**{**found, "at": datetime.fromisoformat(found["at"])})
