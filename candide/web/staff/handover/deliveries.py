"""The files made for the student system: taking them, and saying that they were loaded."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from candide.admissions.handover.domain.deliveries import ask_delivery, take_one
from candide.admissions.handover.domain.replaying import say_loaded
from candide.admissions.handover.models import Delivery, DeliveryFile, PreEnrolment
from candide.core.blockers import Refused
from candide.core.views import for_object, permission_required
from candide.foundation.jobs.domain.schedule import run_now
from candide.institution.catalogue.models import Institution
from candide.integrations import sis
from candide.web.shared.downloads import serve
from candide.web.shared.refusals import show_refusal
from candide.web.staff.taken import note_deliveries

SHOWN = 100
DELIVER = "handover.deliver"


@permission_required(DELIVER)
def delivery_list(request: HttpRequest) -> HttpResponse:
    """The files, newest first, and how many people wait for the next ones."""
    files = DeliveryFile.objects.select_related("file").order_by("pk")
    deliveries = (
        Delivery.objects.all()
        .visible_to(request.user)
        .select_related("loaded_by")
        .prefetch_related(Prefetch("files", queryset=files, to_attr="made"))
        .order_by("-made_at", "-pk")[:SHOWN]
    )
    waiting = PreEnrolment.objects.to_tell()
    context = {
        "deliveries": deliveries,
        "waiting": waiting.count(),
        "institution": Institution.current(),
        "makes_files": sis.current().makes_files,
        "navigation": "staff",
    }
    return render(request, "staff/handover/files.html", context)


@require_POST
@permission_required(DELIVER)
def prepare(request: HttpRequest) -> HttpResponse:
    """Have the next files made now, in the background."""
    try:
        run_now("hand-over", by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("The files are being prepared: they appear here."))
    return redirect("staff:handover_files")


@require_POST
@for_object(Delivery, DELIVER)
def archive(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """Ask for the files with their documents as one archive."""
    try:
        download = ask_delivery(delivery, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
        return redirect("staff:handover_files")
    return redirect("staff:download", download.pk)


@require_POST
@for_object(Delivery, DELIVER)
def take_file(request: HttpRequest, delivery: Delivery, file: int) -> HttpResponseBase:
    """One of the files, to be saved; that it was taken is in the history."""
    made = get_object_or_404(delivery.files.select_related("file"), pk=file)
    stored = take_one(made, by=request.user)
    note_deliveries([delivery.pk], by=request.user)
    return serve(request, stored, as_attachment=True, filename=stored.name)


@require_POST
@for_object(Delivery, DELIVER)
def loaded(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """Say that the files are in the student system."""
    try:
        number = say_loaded(delivery, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        message = ngettext(
            "%(number)d pre-enrolment is in the student system.",
            "%(number)d pre-enrolments are in the student system.",
            number,
        )
        messages.success(request, message % {"number": number})
    return redirect("staff:handover_files")
