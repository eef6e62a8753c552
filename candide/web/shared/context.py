"""What every page needs beside its own context."""

from typing import Any

from django.http import HttpRequest

from candide.institution.catalogue.models import Institution


def institution(request: HttpRequest) -> dict[str, Any]:
    """The institution whose name, colours and contacts the layout shows."""
    return {"institution": Institution.current()}
