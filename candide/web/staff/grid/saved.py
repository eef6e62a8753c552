"""Views somebody keeps, and the columns of a list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.domain.saved_views import delete_view, save_view, views_of
from candide.admissions.applications.models import Application, SavedView
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.core.views import for_object, permission_required
from candide.reporting.exports.applications import GROUPS
from candide.reporting.exports.columns import Column
from candide.web.staff.grid.filters import GridFilters, places_of, wants_archived
from candide.web.staff.grid.page import MOST_COLUMNS, MOST_FROZEN, NAME, Grid, all_columns


class ViewForm(forms.Form):
    """A name for the list one looks at. `query` is its address."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    name = forms.CharField(label=gettext_lazy("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(
        label=gettext_lazy("Share it with all staff"),
        required=False,
        help_text=gettext_lazy("Everybody sees the applications in their own reach in it."),
    )
    is_default = forms.BooleanField(
        label=gettext_lazy("Open it first"),
        required=False,
        help_text=gettext_lazy("It opens when you go to the applications."),
    )


@permission_required("staff.enter")
def saved_views(request: HttpRequest) -> HttpResponse:
    """Keep the list of the address under a name, or delete one that is kept."""
    form = ViewForm(request.POST or None, initial={"query": request.GET.urlencode()})
    blockers, status = [], 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                view = save_view(by=request.user, **form.cleaned_data)
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
            else:
                messages.success(request, _("The view is saved."))
                return redirect(f"{reverse('staff:applications')}?{view.query}")
    context = {
        "form": form,
        "blockers": blockers,
        "views": views_of(request.user),
        "navigation": "staff",
    }
    return render(request, "staff/grid/views.html", context, status=status)


@require_POST
@for_object(SavedView, "applications.delete_view")
def delete_saved_view(request: HttpRequest, view: SavedView) -> HttpResponse:
    delete_view(view)
    messages.success(request, _("The view is deleted."))
    return redirect("staff:views")


@permission_required("staff.enter")
def view_counts(request: HttpRequest) -> HttpResponse:
    """How many applications each view holds, in one query: asked for after the page is there."""
    views = list(views_of(request.user))
    queries = {f"view_{view.pk}": QueryDict(view.query) for view in views}
    archived = any(map(wants_archived, queries.values()))
    known = {
        "user": request.user,
        "today": localdate(timezone.now()),
        "places": places_of(request.user, archived=archived),
    }
    conditions = {
        name: Count("pk", filter=GridFilters(query, **known).as_q())
        for name, query in queries.items()
    }
    numbers = Application.objects.all().visible_to(request.user).aggregate(**conditions)
    context = {"views": [(view, numbers[f"view_{view.pk}"]) for view in views]}
    return render(request, "staff/grid/tabs.html", context)


@permission_required("staff.enter")
def columns_page(request: HttpRequest) -> HttpResponse:
    """Which columns the list has, in which order: each link is the same page with one changed."""
    grid = Grid(request.GET, request.user, localdate(timezone.now()))
    shown = grid.columns[1:]  # the name stays where it is
    codes = [column.code for column in shown]
    here = reverse("staff:columns")

    def to(changed: list[str], **others: Any) -> str:
        return f"{here}?{grid.address(columns=changed, **others).partition('?')[2]}"

    context = {
        "shown": [_shown(column, place, codes, to) for place, column in enumerate(shown)],
        "freezing": [
            (number, to(codes, frozen=str(number) if number > 1 else ""))
            for number in range(1, MOST_FROZEN + 1)
        ],
        "frozen": grid.frozen,
        "groups": _groups(codes, to),
        "is_full": len(codes) >= MOST_COLUMNS,
        "list_url": grid.address(columns=codes),
        "usual_url": to([]),
        "navigation": "staff",
    }
    return render(request, "staff/grid/columns.html", context)


def _shown(column: Column, place: int, codes: list[str], to: Any) -> dict[str, Any]:
    return {
        "heading": column.heading,
        "earlier": to(_moved(codes, place, place - 1)) if place else "",
        "later": to(_moved(codes, place, place + 1)) if place + 1 < len(codes) else "",
        "without": to([code for code in codes if code != column.code]) if len(codes) > 1 else "",
    }


def _moved(codes: list[str], place: int, there: int) -> list[str]:
    moved = list(codes)
    moved[place], moved[there] = moved[there], moved[place]
    return moved


def _groups(codes: list[str], to: Any) -> list[dict[str, Any]]:
    """The columns that are not shown, by what they speak of."""
    others = [column for column in all_columns() if column.code not in (NAME, *codes)]
    groups = [
        {
            "title": title,
            "columns": [
                {"heading": column.heading, "url": to([*codes, column.code])}
                for column in others
                if column.group == group
            ],
        }
        for group, title in GROUPS.items()
    ]
    return [group for group in groups if group["columns"]]
