"""Makes entering decisions from a spreadsheet known to the worker and the pages."""

from candide.admissions.decisions.domain.sheet import LONG_WORK
from candide.foundation.runs.registry import register_kind

register_kind(LONG_WORK)
