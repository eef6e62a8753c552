"""What the worker does soon: the PDF of each snapshot."""

import logging
from datetime import datetime

from django.utils import timezone

from candide.admissions.applications.domain.dossier import render_snapshot
from candide.admissions.applications.domain.snapshot import unrendered
from candide.core.failures import frames, summary
from candide.core.tasks import handler
from candide.foundation.jobs.registry import sweep

BATCH = 20
logger = logging.getLogger(__name__)


@handler("applications.render_dossier")
def render_dossier(snapshot_id: int) -> None:
    render_snapshot(snapshot_id, now=timezone.now())  # noqa: TID251 -- the edge


@sweep("applications.render_dossiers", every=60)
def render_dossiers(now: datetime) -> int:
    """Snapshots whose spur was lost, or whose PDF could not be made."""
    pending = list(unrendered(now=now).order_by("pk").values_list("pk", flat=True)[:BATCH])
    for pk in pending:
        try:
            render_snapshot(pk, now=now)
        except Exception as error:
            # Whatever is wrong with one snapshot, the others do not wait for it.
            logger.error("snapshot %d: %s\n%s", pk, summary(error), frames(error))
    return len(pending)
