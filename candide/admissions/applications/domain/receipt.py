"""The receipt of a transmission: what was received, when, and its SHA-256 [TRANS-05]."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application, Snapshot
from candide.foundation.files.domain.storing import store_generated
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.rendering import render


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
