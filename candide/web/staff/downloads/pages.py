"""« Mes exports »: files somebody asked for, how far they are, and taking them [back-office 22]."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.views import for_object, permission_required
from candide.foundation.downloads.domain.asking import (
    delete_download,
    resume_download,
    resuming_blockers,
    stop_download,
    stopping_blockers,
)
from candide.foundation.downloads.domain.taking import take, taking_blockers
from candide.foundation.downloads.enums import DownloadState
from candide.foundation.downloads.models import Download
from candide.web.shared.downloads import serve
from candide.web.staff.taken import note_download

PAGE = 50


@permission_required("downloads.list")
def download_list(request: HttpRequest) -> HttpResponse:
    """« Mes exports », newest first."""
    visible = Download.objects.all().visible_to(request.user).select_related("file")
    rows = visible.defer("packed_subjects", "report").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "downloads": page.object_list,
        "page": page,
        "blockers": [],
        "navigation": "staff",
    }
    return render(request, "staff/downloads/list.html", context)


@for_object(Download, "downloads.view")
def download_page(request: HttpRequest, download: Download) -> HttpResponse:
    return _show(request, download)


def _show(
    request: HttpRequest,
    download: Download,
    *,
    status: int = 200,
    blockers: list[Blocker] | None = None,
) -> HttpResponse:
    """How far it is, or the file and what is missing in it. htmx asks for the progress alone, and
    for everything once that has ended."""
    if request.htmx and not download.is_waiting:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {"download": download, "navigation": "staff"}
    if request.htmx:
        return render(request, "staff/downloads/progress.html", context)
    if blockers is None and download.state == DownloadState.READY:
        blockers = taking_blockers(download, by=request.user, now=timezone.now())
    context |= {
        "blockers": blockers or [],
        "may_take": download.state == DownloadState.READY and not blockers,
        "may_stop": not stopping_blockers(download),
        "may_resume": not resuming_blockers(download),
        "untold": download.number_left_out - len(download.report),
    }
    return render(request, "staff/downloads/page.html", context, status=status)


@require_POST
@for_object(Download, "downloads.take")
def download_take(request: HttpRequest, download: Download) -> HttpResponseBase:
    """The file, if every row in it is still in reach."""
    try:
        file = take(download, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _as_it_is(request, download, refusal)
    note_download(download, by=request.user)
    return serve(request, file, as_attachment=True)


@require_POST
@for_object(Download, "downloads.view")
def download_stop(request: HttpRequest, download: Download) -> HttpResponse:
    try:
        stop_download(download, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _as_it_is(request, download, refusal)
    messages.success(request, _("The export is stopped."))
    return redirect("staff:download", download.pk)


@require_POST
@for_object(Download, "downloads.view")
def download_resume(request: HttpRequest, download: Download) -> HttpResponse:
    try:
        resume_download(download, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _as_it_is(request, download, refusal)
    messages.success(request, _("The export goes on."))
    return redirect("staff:download", download.pk)


@require_POST
@for_object(Download, "downloads.view")
def download_delete(request: HttpRequest, download: Download) -> HttpResponse:
    delete_download(download, by=request.user)
    messages.success(request, _("The export is deleted."))
    return redirect("staff:downloads")


def _as_it_is(request: HttpRequest, download: Download, refusal: Refused) -> HttpResponse:
    """The export as it is by now, with why this was refused."""
    now = Download.objects.get(pk=download.pk)
    return _show(request, now, status=409, blockers=refusal.blockers)
