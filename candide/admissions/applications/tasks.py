"""What the worker does soon: the PDF of each snapshot."""

from datetime import datetime

from candide.admissions.applications.domain.dossier import render_snapshot
from candide.admissions.applications.domain.snapshot import unrendered
from candide.core.tasks import handler
from candide.foundation.jobs.registry import sweep

BATCH = 20


@handler("applications.render_dossier")
def render_dossier(snapshot_id: int) -> None:
    render_snapshot(snapshot_id)


@sweep("applications.render_dossiers", every=60)
def render_dossiers(now: datetime) -> int:
    """Snapshots whose spur was lost."""
    pending = unrendered(BATCH)
    for pk in pending:
        render_snapshot(pk)
    return len(pending)
