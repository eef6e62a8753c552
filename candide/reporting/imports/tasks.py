"""Makes this kind of long work known to the worker and the pages."""

from candide.foundation.runs.registry import register_kind
from candide.reporting.imports.domain.sheet import LONG_WORK

register_kind(LONG_WORK)
