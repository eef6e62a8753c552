"""« Ce qui est demandé », seen from programmes: of one what it asks and from where, of several what
to add to all of them or to remove. Nothing is ever replaced [7.5]."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.core.visibility import visible
from candide.institution.catalogue.models import Programme
from candide.institution.requirements.domain.asking import (
    AskedOfProgramme,
    Origin,
    asked_of_programme,
    linkable,
)
from candide.institution.requirements.domain.linking import LinkChange, change_links
from candide.institution.requirements.rules import programmes_in_reach
from candide.web.staff.settings.crud import querystring
from candide.web.staff.settings.external_forms import FORMS
from candide.web.staff.settings.preview import intakes_of
from candide.web.staff.settings.requirements import (
    DOCUMENTS,
    QUESTIONS,
    AskedCrud,
    found,
    marks_of,
    origin_in_words,
)

PAGE = 100
ADD, REMOVE = "add", "remove"
SCREENS: tuple[AskedCrud, ...] = (DOCUMENTS, QUESTIONS, FORMS)


@dataclass(frozen=True)
class Line:
    """A document or question as the page of programmes shows it. `number` is to how many of them
    it is linked."""

    asked: Any
    name: str
    url: str
    origin: str
    marks: str
    is_linked: bool = False
    number: int = 0


@dataclass(frozen=True)
class Part:
    """The documents or the questions of a page."""

    title: Any
    asked: list[Line]
    others: list[Line]


@permission_required("requirements.view")
def programme_list(request: HttpRequest) -> HttpResponse:
    """The programmes in reach: to see what one asks, or to change several."""
    searched = request.GET.get("q", "").strip()
    rows = found(programmes_in_reach(request.user), searched).filter(is_active=True)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    keys = [programme.pk for programme in page.object_list]
    numbers = [_own_numbers(screen.model, keys) for screen in SCREENS]
    context = {
        "page": page,
        "lines": [
            (each, [number.get(each.pk, 0) for number in numbers]) for each in page.object_list
        ],
        "screens": SCREENS,
        "searched": searched,
        "may_change": request.user.has_perm("requirements.link"),
        "previous_url": querystring(request, page.number - 1) if page.has_previous() else "",
        "next_url": querystring(request, page.number + 1) if page.has_next() else "",
        "navigation": "staff",
    }
    return render(request, "staff/settings/asking_list.html", context)


def _own_numbers(model: Any, programmes: list[int]) -> dict[int, int]:
    """How many of `model` in service each programme asks for itself, beside the common ones."""
    name = model._meta.model_name
    links = model.programmes.through.objects.filter(
        **{"programme__in": programmes, f"{name}__is_common": False, f"{name}__is_active": True}
    )
    return dict(links.values_list("programme_id").annotate(Count("pk")))


@permission_required("requirements.view")
def asked_of(request: HttpRequest, pk: int) -> HttpResponse:
    """What one programme asks, in the order of candidates, with what may be added or removed."""
    programme = get_object_or_404(programmes_in_reach(request.user), pk=pk)
    blockers: list[Blocker] = []
    if request.method == "POST":
        get_object_or_404(programmes_in_reach(request.user, write=True), pk=pk)
        try:
            changed = change_links(_changes(request, [programme]), by=request.user)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing to change."))
            return redirect("staff:asked_of", pk)
    context = {
        "programme": programme,
        "intakes": intakes_of(programme),
        "parts": [_of_one(screen, programme) for screen in SCREENS],
        "blockers": blockers,
        "may_change": request.user.has_perm("requirements.link", programme),
        "navigation": "staff",
    }
    status = 409 if blockers else 200
    return render(request, "staff/settings/asking_one.html", context, status=status)


@permission_required("requirements.link")
def mass_links(request: HttpRequest) -> HttpResponse:
    """What to add to several programmes, or to remove from them: chosen, read again, done."""
    data = request.POST if request.method == "POST" else request.GET
    keys = {int(key) for key in data.getlist("programme") if key.isdecimal()}
    programmes = list(found(programmes_in_reach(request.user, write=True), "").filter(pk__in=keys))
    if not programmes:
        messages.info(request, _("Choose programmes first."))
        return redirect("staff:asking")
    if len(programmes) != len(keys):
        raise Http404
    changes = _changes(request, programmes) if request.method == "POST" else []
    blockers: list[Blocker] = []
    if "confirmed" in request.POST:
        try:
            change_links(changes, by=request.user)
        except Refused as refusal:
            blockers = refusal.blockers
        else:
            messages.success(request, _("Saved."))
            return redirect("staff:asking")
    context = {
        "programmes": programmes,
        "parts": [_of_several(screen, programmes) for screen in SCREENS],
        "summary": [] if blockers else [_effect(change) for change in changes],
        "chosen": {} if blockers else _chosen(request),
        "blockers": blockers,
        "navigation": "staff",
    }
    status = 409 if blockers else 200
    return render(request, "staff/settings/asking_several.html", context, status=status)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """« documents-12 » → add or remove, as the fields of these pages are named."""
    return {
        key: value
        for key, value in request.POST.items()
        if value in {ADD, REMOVE} and key.rpartition("-")[2].isdecimal()
    }


def _changes(request: HttpRequest, programmes: list[Programme]) -> list[LinkChange]:
    """What was chosen to be done with `programmes`."""
    changes = []
    for screen in SCREENS:
        wanted = {
            int(key.rpartition("-")[2]): value
            for key, value in _chosen(request).items()
            if key.startswith(f"{screen.slug}-")
        }
        rows = visible(screen.model._default_manager.filter(pk__in=wanted), request.user)
        if len(rows) != len(wanted):
            raise Http404
        changes += [
            LinkChange(
                row,
                add=programmes if wanted[row.pk] == ADD else (),
                remove=programmes if wanted[row.pk] == REMOVE else (),
            )
            for row in rows
        ]
    return changes


def _effect(change: LinkChange) -> dict[str, Any]:
    """What a change will do: how many programmes it concerns that are not so already."""
    of = change.add or change.remove
    linked = change.asked.programmes.filter(pk__in=[each.pk for each in of]).count()
    return {
        "asked": change.asked,
        "is_added": bool(change.add),
        "number": len(of) - linked if change.add else linked,
        "already": linked if change.add else len(of) - linked,
    }


def _of_one(screen: AskedCrud, programme: Programme) -> Part:
    asked = asked_of_programme(screen.model, programme)
    known = {each.asked.pk for each in asked}
    others = linkable(screen.model, [programme]).exclude(pk__in=known).order_by("code")
    return Part(
        screen.title,
        [_line(screen, each.asked, is_linked=_is_own(each)) for each in asked],
        [_line(screen, each) for each in others.select_related(*screen.joined)],
    )


def _of_several(screen: AskedCrud, programmes: list[Programme]) -> Part:
    """All that may be added to them, and all they are linked to already."""
    keys = [programme.pk for programme in programmes]
    model: Any = screen.model
    numbers = dict(
        model.programmes.through.objects.filter(programme__in=keys)
        .values_list(f"{model._meta.model_name}_id")
        .annotate(Count("pk"))
    )
    either = Q(pk__in=linkable(model, programmes).values("pk")) | Q(pk__in=numbers)
    rows = model._default_manager.filter(either).select_related(*screen.joined).order_by("code")
    return Part(
        screen.title, [], [_line(screen, row, number=numbers.get(row.pk, 0)) for row in rows]
    )


def _is_own(asked: AskedOfProgramme) -> bool:
    return asked.origin == Origin.PROGRAMME


def _line(screen: AskedCrud, asked: Any, **more: Any) -> Line:
    origin = _("This programme") if more.get("is_linked") else origin_in_words(asked)
    return Line(
        asked,
        name=f"{screen.slug}-{asked.pk}",
        url=screen.url("row", asked.pk),
        origin=origin,
        marks=marks_of(asked),
        **more,
    )
