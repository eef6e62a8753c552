"""The catalogue (« Offre de formation ») and the page of a programme: for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candide.admissions.applications.domain.asked import asked_of_everybody
from candide.admissions.applications.models import Application
from candide.core.clock import localdate
from candide.institution.catalogue.domain.calendar import milestones
from candide.institution.catalogue.domain.dates import period, window_of
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.domain.search import (
    FACETS,
    Query,
    find_programmes,
    offered_intakes,
    similar_programmes,
)
from candide.institution.catalogue.models import Institution, Intake, Programme
from candide.institution.pages.domain.rich_text import rich_text
from candide.web.public.conditional import unchanged_answers_304


@require_safe
@login_not_required
@unchanged_answers_304
def catalogue(request: HttpRequest) -> HttpResponse:
    """Search, facets and results; htmx asks for the results alone [OFF-01…03]."""
    institution, today = Institution.current(), localdate(timezone.now())
    found = find_programmes(
        query_of(request.GET),
        today=today,
        page=_number(request.GET.get("page")),
        institution=institution,
    )
    part = "#found" if request.htmx and not request.htmx.history_restore_request else ""
    context = {
        "institution": institution,
        "found": found,
        "today": today,
        "search": _addresses(request, found.page, found.pages),
    }
    return render(request, f"public/catalogue/catalogue.html{part}", context)


@require_safe
@login_not_required
@unchanged_answers_304
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The permanent page of a programme, which institutions link to [OFF-02, OFF-05]."""
    subject = get_object_or_404(
        Programme.objects.select_related("commission__centre", "diploma_type", "kind"), slug=slug
    )
    today = localdate(timezone.now())
    intakes = offered_intakes(subject, today=today)
    if not intakes:
        return _not_offered(request, subject)
    intake, *others = intakes
    documents, questions = asked_of_everybody(intake)
    context = {
        "programme": subject,
        "intake": intake,
        "window": window_of(intake),
        "period": period(intake, today=today),
        "today": today,
        "is_paperless": is_paperless(intake),
        "others": others,
        "milestones": milestones(intake, today=today),
        "documents": documents,
        "questions": questions,
        "information": rich_text(str(intake.information)),
        "return_comment": rich_text(str(subject.commission.return_comment), first_heading=4),
        "application": _own_application(request, intake),
    }
    return render(request, "public/catalogue/programme.html", context)


def _own_application(request: HttpRequest, intake: Intake) -> Application | None:
    if not request.user.is_authenticated:
        return None
    return Application.objects.live().filter(candidate__user=request.user, intake=intake).first()


def _not_offered(request: HttpRequest, subject: Programme) -> HttpResponse:
    """The address lasts, the offer does not: say so, and offer what is near."""
    today = localdate(timezone.now())
    context = {
        "programme": subject,
        "today": today,
        "similar": similar_programmes(subject, today=today),
        "is_between_campaigns": _is_in_service(subject),
    }
    return render(request, "public/catalogue/not_offered.html", context, status=404)


def _is_in_service(subject: Programme) -> bool:
    commission = subject.commission
    return subject.is_active and commission.is_active and commission.centre.is_active


def query_of(data: QueryDict) -> Query:
    """What the address asks for: `q`, and for each facet the values chosen."""
    chosen = {name: frozenset(filter(None, data.getlist(name))) for name in FACETS}
    return Query(
        data.get("q", "").strip(), {name: values for name, values in chosen.items() if values}
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 1


def _addresses(request: HttpRequest, page: int, pages: int) -> dict[str, str]:
    """Where the links of the list lead: the same search, another page or without filters."""

    def address(**changes: str | int | None) -> str:
        data = request.GET.copy()
        data.pop("page", None)
        for name, value in changes.items():
            data.pop(name, None)
            if value:
                data[name] = str(value)
        return f"{request.path}?{data.urlencode()}" if data else request.path

    return {
        "previous": address(page=page - 1) if page > 1 else "",
        "next": address(page=page + 1) if page < pages else "",
        "without_filters": address(**dict.fromkeys(FACETS)),
        "without_words": address(q=None),
    }
