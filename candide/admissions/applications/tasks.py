"""What the worker does soon: the PDF of each snapshot, and receipts that are still due."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from candide.admissions.applications.domain.dossier import render_snapshot
from candide.admissions.applications.domain.receipt import draw_receipt, wanted_receipts
from candide.admissions.applications.domain.snapshot import unrendered
from candide.admissions.applications.models import Snapshot
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
    return _each(unrendered(now=now).order_by("pdf_tries", "pk"), render_snapshot, now=now)


@sweep("applications.draw_receipts", every=60)
def draw_receipts(now: datetime) -> int:
    """Receipts that could not be drawn when the dossier was transmitted."""
    return _each(wanted_receipts(now=now).order_by("receipt_tries", "pk"), draw_receipt, now=now)


def _each(snapshots: QuerySet[Snapshot], draw: Callable[..., None], *, now: datetime) -> int:
    """Draw for each and say for how many it was tried. They come with those never tried first, so
    that what can never be drawn keeps nothing new waiting."""
    pending = list(snapshots.values_list("pk", flat=True)[:BATCH])
    for pk in pending:
        try:
            draw(pk, now=now)
        except Exception as error:
            # Whatever is wrong with one snapshot, the others do not wait for it.
            logger.error("snapshot %d: %s\n%s", pk, summary(error), frames(error))
    return len(pending)
