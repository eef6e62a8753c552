"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.mails.domain.outbox import old_mails


@job(
    "destroy-mails",
    at="03:20",
    title=_("Destroy mails of the outbox, once kept long enough"),
    destroys=True,
)
def destroy_mails(now: datetime, run: Any) -> None:
    """Files that were sent with them go with the next cleaning of files."""
    run.delete(old_mails(now=now), named="mails")
