"""The grid of applications (« candidatures »): filters, search, order, pages by keyset."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.core.text import fold
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.catalogue.models import Intake

PAGE = 50
ANY = ("", _("Any"))
NOT_DECIDED, DRAFTED = "none", "draft"


class GridFilters(forms.Form):
    """What narrows the grid; everything is optional and stands in the address."""

    q = forms.CharField(label=_("Name, file number, e-mail or INE"), required=False, max_length=80)
    intake = forms.ModelChoiceField(
        Intake.objects.none(), label=_("Programme"), required=False, empty_label=_("Any programme")
    )
    dossier = forms.ChoiceField(
        label=_("Dossier"), required=False, choices=[ANY, *DossierStatus.choices]
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[
            ANY,
            (NOT_DECIDED, _("None released")),
            (DRAFTED, _("Drafted, not released")),
            *Outcome.choices,
        ],
    )
    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[ANY, (NOT_DECIDED, _("None yet")), *CandidateAnswer.choices],
    )
    cancelled = forms.BooleanField(label=_("Cancelled ones"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["intake"]
        field.queryset = (
            Intake.objects.filter(
                within(user, Capability.VIEW_APPLICATIONS, "programme__commission"),
                campaign__archived_at=None,
            )
            .select_related("programme", "campaign")
            .order_by("programme__search_text", "pk")
        )

    def narrow(self, rows: QuerySet[Application]) -> QuerySet[Application]:
        """`rows` narrowed to what was chosen; what is not valid does not narrow."""
        chosen = getattr(self, "cleaned_data", {})
        rows = rows.filter(cancelled_at__isnull=not chosen.get("cancelled"))
        if chosen.get("intake"):
            rows = rows.filter(intake=chosen["intake"])
        if chosen.get("dossier"):
            rows = rows.filter(dossier_status=chosen["dossier"])
        if chosen.get("decision"):
            rows = rows.filter(_decision(chosen["decision"]))
        if chosen.get("answer"):
            wanted = chosen["answer"]
            rows = rows.filter(answer="" if wanted == NOT_DECIDED else wanted)
        searched = chosen.get("q") or ""
        if "@" in searched:
            return rows.filter(candidate__user__email__icontains=searched.strip())
        for word in fold(searched).split():
            rows = rows.filter(candidate__search_text__contains=word)
        return rows


def _decision(wanted: str) -> Q:
    special = {NOT_DECIDED: Q(released_outcome=""), DRAFTED: Q(has_draft_decision=True)}
    return special.get(wanted, Q(released_outcome=wanted))


@dataclass(frozen=True)
class Page:
    """One page of the grid and the keys of its neighbours."""

    rows: list[Application]
    before: str
    after: str


def page_of(rows: QuerySet[Application], request: HttpRequest) -> Page:
    """The rows after (or before) the key in the address, newest first, by keyset: the same cost
    on the first and on the thousandth page."""
    after, before = _key(request.GET.get("after")), _key(request.GET.get("before"))
    if before:
        moment, pk = before
        newer = rows.filter(Q(created_at__gt=moment) | Q(created_at=moment, pk__gt=pk))
        found = _first(newer, "created_at", "pk")
        more, shown = len(found) > PAGE, found[:PAGE][::-1]
        return Page(shown, _link(shown[0]) if more else "", _link(shown[-1]) if shown else "")
    if after:
        moment, pk = after
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    found = _first(rows, "-created_at", "-pk")
    shown = found[:PAGE]
    first = _link(shown[0]) if after and shown else ""
    return Page(shown, first, _link(shown[-1]) if len(found) > PAGE else "")


def _first(rows: QuerySet[Application], *order: str) -> list[Application]:
    """The first rows of a page and one more. Which they are is found among bare keys: what they
    are shown with is joined to these alone, not to everything that has to be sorted."""
    keys = rows.order_by(*order).values("pk")[: PAGE + 1]
    return list(Application.objects.with_offer().filter(pk__in=keys).order_by(*order))


def _link(row: Application) -> str:
    return f"{row.created_at.isoformat()}_{row.pk}"


def _key(raw: str | None) -> tuple[datetime, int] | None:
    """A key as `_link` wrote it; None for anything else."""
    moment, _sep, pk = (raw or "").rpartition("_")
    try:
        parsed = datetime.fromisoformat(moment.replace(" ", "+"))
        return (parsed, int(pk)) if parsed.tzinfo else None
    except ValueError:
        return None
