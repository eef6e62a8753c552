"""The job of this room."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.jobs.registry import job
from candide.institution.access.domain.directory import follow, followed, read
from candide.integrations import directory as directories


@job("follow-directory", at="21:30", title=_("Follow the directory about those who work here"))
def follow_directory(now: datetime, run: Any) -> None:
    directory = directories.current()
    if not directory.is_connected:
        return
    accounts = followed()
    said = read(accounts, directory=directory)
    known = [account for account in accounts if account.pk in said]
    run.each(known, lambda account: follow(account, said[account.pk]))
