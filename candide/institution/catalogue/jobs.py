"""The jobs of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.catalogue.domain.search import refresh_search_text


@job(
    "refresh-search", at="04:40", title=_("Have the catalogue find centres and types by new names")
)
def refresh_search(now: datetime, run: Any) -> None:
    run.count(changed=refresh_search_text())
