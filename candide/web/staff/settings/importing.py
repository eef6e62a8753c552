"""Programmes, commissions and centres read back from the spreadsheet of their export."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.bulk.domain.running import look_at_first
from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.reporting.exports.domain.organisation import TABLES
from candide.reporting.imports.domain.sheet import IMPORTERS, MOST_BYTES, begin, labels_of, read


class FileForm(forms.Form):
    file = forms.FileField(label=_("Spreadsheet"), help_text=_("An .xlsx or .csv file."))


@permission_required("staff.enter")
def import_table(request: HttpRequest, code: str) -> HttpResponse:
    """Where to get the spreadsheet; posted, every line is looked at, and nothing changed yet."""
    importer = IMPORTERS.get(code)
    if importer is None:
        raise Http404
    if not request.user.has_perm(importer.permission):
        raise PermissionDenied
    posted = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    blockers: list[Blocker] = []
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            upload = read(code, form.cleaned_data["file"].read(MOST_BYTES + 1))
            run = begin(code, upload, by=request.user, now=timezone.now())
        except Refused as refusal:
            blockers, status = refusal.blockers, 409
        else:
            look_at_first(run, clock=timezone.now)
            return redirect("staff:run", run.pk)
    context = {
        "code": code,
        "title": TABLES[code].title,
        "form": form,
        "blockers": blockers,
        "columns": labels_of(code).values(),
        "list_url": reverse(f"staff:{code}"),
        "navigation": "staff",
    }
    return render(request, "staff/settings/import.html", context, status=status)


URLS = [path("parametrage/importer/<slug:code>/", import_table, name="import_table")]
