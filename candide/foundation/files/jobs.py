from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from candide.foundation.files.domain.cleaning import remove_orphans
from candide.foundation.jobs.registry import job


@job("clean-files", at="03:30", title=_("Remove files that belong to nothing"))
def clean_files(now: datetime, run: Any) -> None:
    cleaned = remove_orphans(now)
    run.count(rows=cleaned.rows, contents=cleaned.contents, scratch=cleaned.scratch)
