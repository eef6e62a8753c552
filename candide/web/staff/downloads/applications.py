"""« Exporter »: which columns of the applications one searched for or ticked [back-office 22.3]."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.core.views import for_object, permission_required
from candide.foundation.downloads.registry import find_kind
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.models import ApplicationCentre
from candide.reporting.exports.applications import GROUPS
from candide.reporting.exports.domain.applications import (
    APPLICATIONS,
    ask_applications,
    every_column,
)
from candide.reporting.exports.domain.templates import (
    delete_template,
    save_template,
    templates_of,
)
from candide.reporting.exports.models import ExportTemplate
from candide.web.shared.again import before_exporting
from candide.web.staff.bulk.selecting import found_by
from candide.web.staff.grid.filters import GridFilters
from candide.web.staff.grid.page import NAME, Grid

ALL_STAFF = "all"


class ExportForm(forms.Form):
    """Columns and format. `query` is the address of the grid, `ids` are the lines ticked."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=5000)
    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("xlsx", gettext_lazy("Spreadsheet (.xlsx)")),
            ("csv", gettext_lazy("Text table (.csv)")),
        ],
        initial="xlsx",
    )
    columns = forms.MultipleChoiceField(label=gettext_lazy("Columns"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of the template"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("To find this choice of columns again."),
    )
    shared_with = forms.ChoiceField(label=gettext_lazy("Shared with"), required=False)

    def __init__(self, *args: Any, user: Any, columns: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.code, column.heading) for column in columns]
        self.fields["shared_with"].choices = list(_circles(user))

    def keys(self, user: Any) -> list[int]:
        """The applications meant: the lines that were ticked, else all the search finds."""
        posted = self.cleaned_data["ids"].split(",") if self.cleaned_data["ids"] else []
        ticked = [key for key in map(whole_number, map(str.strip, posted)) if key is not None]
        most = find_kind(APPLICATIONS).most
        return ticked or found_by(self.cleaned_data["query"], user, most=most)

    @property
    def circle(self) -> dict[str, Any]:
        """With whom a template is shared."""
        chosen = self.cleaned_data["shared_with"]
        centre = whole_number(chosen)
        found = ApplicationCentre.objects.filter(pk=centre).first() if centre else None
        return {"is_shared": chosen == ALL_STAFF, "centre": found}


def _circles(user: Any) -> Iterator[tuple[str, Any]]:
    yield "", gettext_lazy("Nobody: for me alone")
    yield ALL_STAFF, gettext_lazy("All staff")
    reached = reach_of(user, Capability.VIEW_APPLICATIONS)
    centres = ApplicationCentre.objects.filter(is_active=True).order_by("code")
    for centre in centres if reached.everywhere else centres.filter(pk__in=reached.centres):
        yield str(centre.pk), _("Staff of %(centre)s") % {"centre": centre.name}


@dataclass(frozen=True)
class Group:
    """The columns that speak of one thing, each ticked or not."""

    code: str
    title: Any
    columns: list[tuple[str, Any, bool]]


@permission_required("exports.applications")
@before_exporting
def export_page(request: HttpRequest) -> HttpResponse:
    """Choose columns, then export or keep the choice. The grid comes here by its address, or posts
    the lines that are ticked."""
    columns = every_column()
    is_asked = request.method == "POST" and "do" in request.POST
    form = ExportForm(
        request.POST if is_asked else None,
        user=request.user,
        columns=columns,
        initial=None if is_asked else _begun(request),
    )
    blockers: list[Blocker] = []
    status = 200
    if is_asked:
        status = 422
        if form.is_valid():
            try:
                return _done(request, form)
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
    templates = list(templates_of(request.user))
    query, ids = str(form["query"].value() or ""), str(form["ids"].value() or "")
    number = len(ids.split(",")) if ids else number_of(query, request.user)
    context = {
        "form": form,
        "blockers": blockers,
        "groups": _groups(columns, list(form["columns"].value() or [])),
        "templates": [(each, _address(query, each)) for each in templates if not ids],
        "own": [each for each in templates if each.owner_id == request.user.pk],
        "number": number,
        "list_url": f"{reverse('staff:applications')}?{query}",
        "about": about(query, request.user),
        "navigation": "staff",
    }
    return render(request, "staff/downloads/export.html", context, status=status)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the columns of a template, else those of the grid."""
    data = request.GET.copy()
    wanted = whole_number(data.pop("template", [""])[-1])
    chosen = templates_of(request.user).filter(pk=wanted).first() if wanted else None
    grid = Grid(data, request.user, localdate(timezone.now()))
    return {
        "query": grid.query,
        "ids": ",".join(request.POST.getlist("ids")),
        "columns": chosen.columns if chosen else [NAME, *grid.chosen],
        "format": chosen.format if chosen else "xlsx",
        "name": chosen.name if chosen and chosen.owner_id == request.user.pk else "",
    }


def _done(request: HttpRequest, form: ExportForm) -> HttpResponse:
    """Ask for the export, or keep the choice of columns."""
    chosen = form.cleaned_data
    if request.POST["do"] == "keep":
        template = save_template(
            by=request.user,
            name=chosen["name"].strip(),
            columns=chosen["columns"],
            format=chosen["format"],
            **form.circle,
        )
        messages.success(request, _("The template is saved."))
        return redirect(_address(chosen["query"], template))
    download = ask_applications(
        form.keys(request.user),
        columns=chosen["columns"],
        format=chosen["format"],
        about=[_("Lines ticked in the list")]
        if chosen["ids"]
        else about(chosen["query"], request.user),
        by=request.user,
        now=timezone.now(),
    )
    return redirect("staff:download", download.pk)


@require_POST
@for_object(ExportTemplate, "exports.delete_template")
def template_delete(request: HttpRequest, template: ExportTemplate) -> HttpResponse:
    delete_template(template)
    messages.success(request, _("The template is deleted."))
    return redirect("staff:export")


def about(query: str, user: Any) -> list[str]:
    """The search of the grid in words, a line for each thing that narrows it."""
    filters = GridFilters(QueryDict(query), user=user, today=localdate(timezone.now()))
    if not filters.is_valid():
        return []
    lines = []
    for name, value in filters.cleaned_data.items():
        if value not in (None, ""):
            choices = dict(getattr(filters.fields[name], "choices", []))
            lines.append(f"{filters.fields[name].label} : {choices.get(value, value)}")
    return lines or [_("All applications in reach")]


def number_of(query: str, user: Any) -> int:
    return Grid(QueryDict(query), user, localdate(timezone.now())).rows().count()


def _groups(columns: list[Any], ticked: list[str]) -> list[Group]:
    """The columns by what they speak of, those of the registry in their order."""
    found = [
        Group(
            code,
            title,
            [
                (column.code, column.heading, column.code in ticked)
                for column in columns
                if column.group == code
            ],
        )
        for code, title in GROUPS.items()
    ]
    return [group for group in found if group.columns]


def _address(query: str, template: ExportTemplate) -> str:
    data = QueryDict(query).copy()
    data["template"] = str(template.pk)
    return f"{reverse('staff:export')}?{data.urlencode()}"
