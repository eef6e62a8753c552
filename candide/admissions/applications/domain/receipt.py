"""The receipt of a transmission: what was received, when, and its SHA-256 [TRANS-05]."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.snapshot import claim
from candide.admissions.applications.models import Application, Snapshot
from candide.core.failures import frames, summary
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.rendering import render

logger = logging.getLogger(__name__)


def receipt_or_later(
    snapshot: Snapshot, application: Application, *, now: datetime
) -> StoredFile | None:
    """The receipt, to be sent at once; or None, and the worker draws it as soon as it can be."""
    try:
        with transaction.atomic():
            return make_receipt(snapshot, application)
    except Exception as error:
        # Whatever it was, a dossier handed over in time must not be lost for want of a receipt.
        logger.error("receipt of snapshot %d: %s\n%s", snapshot.pk, summary(error), frames(error))
    snapshot.receipt = None
    snapshot.receipt_wanted_at = now
    snapshot.save(update_fields=["receipt_wanted_at"])
    return None


def draw_receipt(pk: int, *, now: datetime) -> None:
    """Draw the receipt that is still due for a snapshot, unless somebody is at it."""
    if not claim(wanted_receipts(now=now).filter(pk=pk), "receipt", now=now):
        return
    snapshot = Snapshot.objects.select_related("application__candidate__user").get(pk=pk)
    make_receipt(snapshot, snapshot.application)
    Snapshot.objects.filter(pk=pk).update(receipt_wanted_at=None)


def wanted_receipts(*, now: datetime) -> QuerySet[Snapshot]:
    """Snapshots whose receipt could not be drawn when they were transmitted."""
    return Snapshot.objects.filter(receipt_wanted_at__lte=now)


def make_receipt(snapshot: Snapshot, application: Application) -> StoredFile:
    """Render the receipt of `snapshot` in the candidate's language and keep it with it."""
    user = application.candidate.user
    with translation.override(user.language):
        title = _("Receipt of your dossier")
        html = render_to_string(
            "pdf/receipt.html",
            {
                "title": title,
                "snapshot": snapshot,
                "data": snapshot.data,
                "application": application,
                "made_at": timezone.localtime(datetime.fromisoformat(snapshot.data["made_at"])),
                "language": user.language,
            },
        )
        content = render(
            html, title=title, language=user.language, author=snapshot.data["institution"]
        )
    snapshot.receipt = store_generated(
        content,
        name=_("receipt-%(number)s-%(application)d.pdf")
        % {"number": user.file_number, "application": application.pk},
        media_type="application/pdf",
        pages=None,
        by=None,
    )
    snapshot.save(update_fields=["receipt"])
    return snapshot.receipt
