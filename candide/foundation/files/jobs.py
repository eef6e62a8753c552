from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.files.domain.cleaning import remove_orphans
from candide.foundation.files.domain.consistency import (
    check_content,
    files_to_check,
    forget_gone,
)
from candide.foundation.files.models import MissingContent
from candide.foundation.jobs.registry import job


@job("check-files", at="01:10", title=_("Check that every file is there"))
def check_files(now: datetime, run: Any) -> None:
    forget_gone()
    run.each(files_to_check(), lambda pk: check_content(pk, now=now))
    run.count(missing=MissingContent.objects.count())


@job("clean-files", at="03:30", title=_("Remove files that belong to nothing"))
def clean_files(now: datetime, run: Any) -> None:
    cleaned = remove_orphans(now)
    run.count(rows=cleaned.rows, contents=cleaned.contents, scratch=cleaned.scratch)
