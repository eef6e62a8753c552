"""Makes the files of letters, and entering decisions from a spreadsheet, known to the worker and
the pages."""

from candide.admissions.decisions.domain.letter_files import KIND
from candide.admissions.decisions.domain.sheet import LONG_WORK
from candide.foundation.downloads.registry import register_kind as register_download
from candide.foundation.runs.registry import register_kind

register_download(KIND)
register_kind(LONG_WORK)
