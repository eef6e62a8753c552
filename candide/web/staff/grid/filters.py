"""What narrows the grid of applications; everything is optional and stands in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.applications.models import SubmittedDocument
from candide.admissions.tags.models import Tagging
from candide.admissions.tags.rules import tags_in_reach
from candide.core.clock import start_of
from candide.core.text import fold
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Intake
from candide.institution.pages.domain.wording import choices_of

FIRST = ("q", "dossier", "decision", "intake")
ANY = ("", _("Any"))
NOT_DECIDED, DRAFTED = "none", "draft"
ACTIVE, CANCELLED, ARCHIVED = "", "cancelled", "archived"
PLACES = [(ACTIVE, _("Active ones")), (CANCELLED, _("Cancelled ones")), (ARCHIVED, _("Archived"))]


Places = dict[str, list[tuple[str, str]]]


class GridFilters(forms.Form):
    """What is chosen. `as_q()` is the condition it makes; what is not valid narrows nothing."""

    q = forms.CharField(label=_("Name, file number, e-mail or INE"), required=False, max_length=80)
    place = forms.ChoiceField(label=_("Applications"), required=False, choices=PLACES)
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    commission = forms.ChoiceField(label=_("Commission"), required=False)
    intake = forms.ChoiceField(label=_("Programme"), required=False)
    dossier = forms.ChoiceField(
        label=_("Dossier"),
        required=False,
        choices=lambda: [
            ANY,
            ("not-awaited", _("All but those awaited")),
            *choices_of(DossierStatus),
        ],
    )
    route = forms.ChoiceField(
        label=_("Admission route"),
        required=False,
        choices=lambda: [ANY, *choices_of(AdmissionRoute)],
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
    documents = forms.ChoiceField(
        label=_("Documents"),
        required=False,
        choices=[
            ANY,
            (ItemStatus.SUBMITTED, _("Some to check")),
            (ItemStatus.REFUSED, _("Some refused")),
        ],
    )
    tag = forms.ChoiceField(label=_("Tag"), required=False)
    due_within = forms.IntegerField(
        label=_("Not transmitted, due within so many days"),
        required=False,
        min_value=0,
        max_value=366,
    )
    unchanged_for = forms.IntegerField(
        label=_("Status unchanged for so many days"), required=False, min_value=1, max_value=3660
    )
    created_from = forms.DateField(label=_("Applied from"), required=False)
    created_to = forms.DateField(label=_("Applied until"), required=False)

    def __init__(
        self, *args: Any, user: Any, today: date, places: Places | None = None, **kwargs: Any
    ) -> None:
        """`places` is what `places_of(user)` gave, where it is known already."""
        super().__init__(*args, **kwargs)
        self.today = today
        for name, choices in (places or places_of(user)).items():
            self.fields[name].choices = [ANY, *choices]

    @property
    def further(self) -> list[Any]:
        """The fields that are wanted less often."""
        return [self[name] for name in self.fields if name not in FIRST]

    @property
    def is_narrowed_further(self) -> bool:
        return any(value for name, value in self._chosen().items() if name not in FIRST)

    @property
    def is_narrowed(self) -> bool:
        return any(self._chosen().values())

    def _chosen(self) -> dict[str, Any]:
        """What was chosen validly."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    def as_q(self) -> Q:
        chosen = self._chosen()
        found = _place(chosen.get("place") or ACTIVE)
        for name, condition in CONDITIONS.items():
            if chosen.get(name) not in (None, ""):
                found &= condition(chosen[name], self.today)
        return found


def places_of(user: Any) -> Places:
    """The programmes in reach in campaigns that are not archived, their commissions and centres,
    each by name, in one query; and the tags, in another."""
    rows = Intake.objects.filter(
        within(user, Capability.VIEW_APPLICATIONS, "programme__commission"),
        campaign__archived_at=None,
    ).values_list(
        "pk",
        "programme__name",
        "campaign__label",
        "programme__commission_id",
        "programme__commission__name",
        "programme__commission__centre_id",
        "programme__commission__centre__name",
    )
    found: dict[str, dict[int, str]] = {"intake": {}, "commission": {}, "centre": {}}
    for intake, programme, campaign, commission, commission_name, centre, centre_name in rows:
        found["intake"][intake] = f"{programme} – {campaign}"
        found["commission"][commission] = str(commission_name)
        found["centre"][centre] = str(centre_name)
    tags = [(str(tag.pk), tag.label) for tag in tags_in_reach(user).order_by("label", "pk")]
    return {
        name: sorted(((str(pk), text) for pk, text in texts.items()), key=lambda one: fold(one[1]))
        for name, texts in found.items()
    } | {"tag": [(NOT_DECIDED, _("Without any tag")), *tags] if tags else []}


def _place(place: str) -> Q:
    """Archived applications stand apart, cancelled ones among them."""
    if place == ARCHIVED:
        return Q(archived_at__isnull=False)
    return Q(archived_at=None, cancelled_at__isnull=place != CANCELLED)


def _searched(text: str, _today: date) -> Q:
    if "@" in text:
        return Q(candidate__user__email__icontains=text.strip())
    found = Q()
    for word in fold(text).split():
        found &= Q(candidate__search_text__contains=word)
    return found


def _dossier(wanted: str, _today: date) -> Q:
    if wanted == "not-awaited":
        return ~Q(dossier_status=DossierStatus.AWAITED)
    return Q(dossier_status=wanted)


def _decision(wanted: str, _today: date) -> Q:
    special = {NOT_DECIDED: Q(released_outcome=""), DRAFTED: Q(has_draft_decision=True)}
    return special.get(wanted, Q(released_outcome=wanted))


def _documents(status: str, _today: date) -> Q:
    """Applications with a document in that status."""
    found = SubmittedDocument.objects.in_status(status).filter(application=OuterRef("pk"))
    return Q(Exists(found))


def _tag(wanted: str, _today: date) -> Q:
    """Applications with a tag in service: that one, or none at all."""
    held = Tagging.objects.filter(application=OuterRef("pk"), tag__is_active=True)
    if wanted == NOT_DECIDED:
        return ~Q(Exists(held))
    return Q(Exists(held.filter(tag=wanted)))


def _due_within(days: int, today: date) -> Q:
    """Dossiers that wait for their candidate, whose last day comes within `days`."""
    waiting = Q(dossier_status__in=(DossierStatus.AWAITED, DossierStatus.INCOMPLETE))
    last = today + timedelta(days=days)
    own = Q(documents_extended_to__gte=today, documents_extended_to__lte=last) & Q(
        documents_extended_to__gt=F("intake__documents_due_on")
    )
    everybodys = Q(intake__documents_due_on__gte=today, intake__documents_due_on__lte=last) & (
        Q(documents_extended_to=None) | Q(documents_extended_to__lte=F("intake__documents_due_on"))
    )
    return waiting & (own | everybodys)


def _unchanged_for(days: int, today: date) -> Q:
    before = start_of(today - timedelta(days=days - 1))
    return Q(status_changed_at__lt=before) | Q(status_changed_at=None, created_at__lt=before)


# What each field makes of what was chosen in it, on a day.
CONDITIONS: dict[str, Any] = {
    "q": _searched,
    "centre": lambda centre, _today: Q(intake__programme__commission__centre=centre),
    "commission": lambda commission, _today: Q(intake__programme__commission=commission),
    "intake": lambda intake, _today: Q(intake=intake),
    "dossier": _dossier,
    "route": lambda route, _today: Q(route=route),
    "decision": _decision,
    "answer": lambda answer, _today: Q(answer="" if answer == NOT_DECIDED else answer),
    "documents": _documents,
    "tag": _tag,
    "due_within": _due_within,
    "unchanged_for": _unchanged_for,
    "created_from": lambda day, _today: Q(created_at__gte=start_of(day)),
    "created_to": lambda day, _today: Q(created_at__lt=start_of(day + timedelta(days=1))),
}
