"""The files of a hand-over with the documents of those in them, as one archive, made in the
background for who asked."""

import zipfile
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from candide.admissions.handover.domain.documents import content_of, documents_of
from candide.admissions.handover.enums import HandoverEvent
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.admissions.handover.rules import visible_deliveries
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution

DELIVERY = "handover-files"


def reach(user: Any) -> Any:
    """The deliveries whose files somebody may take away."""
    return visible_deliveries(Delivery.objects.all(), user)


def ask_delivery(delivery: Delivery, *, by: Any, now: datetime) -> Download:
    """Ask for the files of `delivery`, with the documents where the institution hands them over."""
    title = _("Files for the student system, %(delivery)s") % {"delivery": delivery}
    return ask_download(DELIVERY, [delivery.pk], title=title, by=by, now=now)


def take_one(made: DeliveryFile, *, by: Any) -> StoredFile:
    """One file of a delivery, for `by` to save; that it was taken is in the history."""
    log(made.delivery, HandoverEvent.TAKEN, by=by, file=made.pk)
    return made.file


def make(making: Making) -> Made:
    """An archive: the files beside each other, the documents in a folder for each candidate."""
    path = making.place / "files"
    delivery = reach(making.user).filter(pk__in=making.subjects).first()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if delivery is None:
            message = _("These files are not in your reach.")
            making.leave_out(making.subjects[0], "out_of_reach", message)
        else:
            _fill(archive, delivery, making)
            making.put_in(delivery.pk)
    name = f"remontee-{delivery.made_on:%Y%m%d}-{delivery.number}" if delivery else "remontee"
    return Made(path, f"{name}.zip", "application/zip")


def _fill(archive: zipfile.ZipFile, delivery: Delivery, making: Making) -> None:
    for each in delivery.files.select_related("file").order_by("pk"):
        with open_file(each.file) as content:
            archive.writestr(each.file.name, content.read())
    if not Institution.current().handover_documents:
        return
    rows = PreEnrolment.objects.with_offer().filter(delivery=delivery, is_wanted=True)
    for done, row in enumerate(rows.order_by("pk"), start=1):
        number = row.application.candidate.user.file_number
        for kind, version in documents_of(row.application):
            name = f"pieces/{number}/PJ_{kind}_{number}_{row.application_id}.pdf"
            try:
                archive.writestr(name, content_of(version))
            except OSError:
                message = _("%(name)s could not be read.") % {"name": name}
                making.leave_out(None, "not_read", message)
        making.tick(done)


KIND = Kind(DELIVERY, make=make, reach=reach, permission="handover.deliver", most=1)
