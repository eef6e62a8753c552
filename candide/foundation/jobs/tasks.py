"""What this room does again and again: the cache is kept short."""

from datetime import datetime

from candide.foundation.jobs.domain.pruning import forget_cached
from candide.foundation.jobs.registry import sweep


@sweep("forget-cached", every=300)
def forget_ended(now: datetime) -> int:
    """Entries of the cache that ended. All go at once, so none is left to be called again for."""
    forget_cached(now=now)
    return 0
