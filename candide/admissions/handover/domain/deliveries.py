"""The files of a hand-over: as one archive with the documents of those in them, made in the
background for who asked; and taking somebody out of them for good."""

import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.handover.domain.documents import content_of, documents_of
from candide.admissions.handover.domain.moving import move, save, say
from candide.admissions.handover.enums import HandoverEvent, HandoverState
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.admissions.handover.rules import visible_deliveries
from candide.core.blockers import Blocker, refuse_if
from candide.core.keys import Keys
from candide.foundation.downloads.domain.asking import ask_download
from candide.foundation.downloads.domain.cleaning import drop_parts
from candide.foundation.downloads.domain.making import Making
from candide.foundation.downloads.models import Download
from candide.foundation.downloads.registry import Kind, Made
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.domain.cleaning import remove
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution

DELIVERY = "handover-files"


def reach(user: Any) -> Any:
    """The deliveries whose files somebody may take away."""
    return visible_deliveries(Delivery.objects.all(), user)


def emptied_blockers(delivery: Delivery) -> list[Blocker]:
    """Why there is nothing to load: somebody in the files was erased."""
    if delivery.files.exists():
        return []
    message = _(
        "These files are gone: somebody in them was erased. "
        "Whoever was not loaded yet is in the next ones."
    )
    return [Blocker("emptied", message)]


def ask_delivery(delivery: Delivery, *, by: Any, now: datetime) -> Download:
    """Ask for the files of `delivery`, with the documents where the institution hands them over."""
    refuse_if(emptied_blockers(delivery))
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
    rows = PreEnrolment.objects.with_offer().filter(deliveries=delivery, is_wanted=True)
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


# -- Forgetting ----------------------------------------------------------------------------------

# What the files said of somebody, who is to be told of again once they are gone.
AGAIN = {
    HandoverState.SENT: HandoverState.TO_SEND,
    HandoverState.WITHDRAWN: HandoverState.TO_WITHDRAW,
}


@transaction.atomic
def forget(applications: Iterable[int], *, now: datetime) -> None:
    """Take these applications out of their deliveries, whose files and archives go. The others in
    files that were not loaded are told of again; a delivery nobody is left in goes."""
    gone = PreEnrolment.objects.filter(application__in=Keys(applications))
    theirs = Delivery.objects.filter(pre_enrolments__in=gone).values("pk")
    for delivery in Delivery.objects.select_for_update().filter(pk__in=theirs).order_by("pk"):
        is_due = delivery.loaded_at is None and delivery.files.exists()
        _drop_files(delivery)
        delivery.pre_enrolments.remove(*gone.filter(deliveries=delivery))
        if is_due:
            _tell_again(delivery, now=now)
        if not delivery.pre_enrolments.exists():
            delivery.delete()


def _drop_files(delivery: Delivery) -> None:
    files = [made.file for made in delivery.files.select_related("file")]
    delivery.files.all().delete()
    for download in Download.objects.filter(kind=DELIVERY).select_related("file").order_by("pk"):
        if delivery.pk in download.subjects:
            files += [download.file] if download.file is not None else []
            drop_parts(download)
            download.delete()
    for file in files:
        remove(file)


def _tell_again(delivery: Delivery, *, now: datetime) -> None:
    told = PreEnrolment.objects.last_in(delivery).filter(state__in=AGAIN)
    rows = list(told.select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        move(row, AGAIN[HandoverState(row.state)], now=now)
        row.is_held = True
    save(rows)
    say(rows, HandoverEvent.REPLAYED)


KIND = Kind(DELIVERY, make=make, reach=reach, permission="handover.deliver", most=1)
