"""Makes the export of one's own data known, and forgets the mails that told of an erasure."""

from datetime import datetime

from candide.foundation.downloads.registry import register_kind
from candide.foundation.jobs.registry import sweep
from candide.reporting.privacy.domain.erasing import forget_farewells
from candide.reporting.privacy.domain.exporting import KIND

register_kind(KIND)


@sweep("forget-farewells", every=300)
def forget(now: datetime) -> int:
    """All go at once, so none is left to be called again for."""
    forget_farewells()
    return 0
