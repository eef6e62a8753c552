"""Makes the kinds of long work of this room known to the worker and the pages."""

from candide.admissions.bulk.domain.extending import LONG_WORK
from candide.admissions.bulk.domain.running import KIND
from candide.foundation.runs.registry import register_kind

register_kind(KIND)
register_kind(LONG_WORK)
