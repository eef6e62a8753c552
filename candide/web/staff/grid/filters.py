"""What narrows the grid of applications; everything is optional and stands in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.counting import NUMBERS
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.correspondence.models import Message, Note
from candide.admissions.decisions.domain.queries import (
    has_decision,
    last_is_released,
    last_outcome_is,
    last_type_is,
)
from candide.admissions.decisions.domain.tacit import (
    is_marked,
    keep_thresholds,
    thresholds,
    thresholds_in_service,
)
from candide.admissions.decisions.models import DecisionType
from candide.admissions.tags.models import Tagging
from candide.admissions.tags.rules import tags_in_reach
from candide.core.clock import start_of
from candide.core.text import fold
from candide.institution.access.enums import Capability
from candide.institution.access.scope import within
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Intake, TacitThreshold
from candide.institution.pages.domain.wording import choices_of
from candide.institution.reference.models import FeeExemption, StudyRegime
from candide.reporting.statistics.figures import in_service

FIRST = ("q", "dossier", "decision", "intake")
ANY = ("", _("Any"))
OPEN, OVERDUE = "open", "overdue"
UNREAD, NOTED, IMPORTANT = "unread", "noted", "important"
NOT_DECIDED, DRAFTED = "none", "draft"
RELEASED, NO_LAST, SOME_LAST = "released", "none", "some"
ACTIVE, CANCELLED, ARCHIVED = "", "cancelled", "archived"
COUNTED, EVER_CANCELLED = "counted", "ever-cancelled"  # of archived campaigns too
PLACES = [
    (ACTIVE, _("Active ones")),
    (CANCELLED, _("Cancelled ones")),
    (ARCHIVED, _("Archived")),
    (COUNTED, _("Not cancelled, archived or not")),
    (EVER_CANCELLED, _("Cancelled, archived or not")),
]
WITH_ARCHIVED = (ARCHIVED, COUNTED, EVER_CANCELLED)
YES, NO = "yes", "no"
MARKED = "any"

Places = dict[str, list[tuple[str, str]]]


class GridFilters(forms.Form):
    """What is chosen. `as_q()` is the condition it makes; what is not valid narrows nothing."""

    q = forms.CharField(
        label=_("Name, file number, e-mail or INE"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"data-hotkey": "/"}),
    )
    place = forms.ChoiceField(label=_("Applications"), required=False, choices=PLACES)
    campaign = forms.ChoiceField(label=_("Campaign"), required=False)
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    commission = forms.ChoiceField(label=_("Commission"), required=False)
    intake = forms.ChoiceField(label=_("Programme"), required=False)
    service = forms.ChoiceField(
        label=_("What is applied to"),
        required=False,
        choices=[ANY, (YES, _("In service, with its centre and its commission"))],
    )
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
            (RELEASED, _("Released, whichever it is")),
            (DRAFTED, _("Drafted, not released")),
            *Outcome.choices,
        ],
    )
    last = forms.ChoiceField(
        label=_("Last decision, released or not"),
        required=False,
        choices=[
            ANY,
            (NO_LAST, _("No decision")),
            (SOME_LAST, _("Any decision")),
            (RELEASED, _("It is released")),
            *Outcome.choices,
        ],
    )
    type = forms.ChoiceField(label=_("Type of the last decision, released or not"), required=False)
    answer = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=lambda: [ANY, (NOT_DECIDED, _("None yet")), *choices_of(CandidateAnswer)],
    )
    tacit = forms.ChoiceField(label=_("Marked for its silence"), required=False)
    exemption = forms.ChoiceField(label=_("Exemption"), required=False)
    regime = forms.ChoiceField(label=_("Study regime"), required=False)
    documents = forms.ChoiceField(
        label=_("Documents"),
        required=False,
        choices=[
            ANY,
            (ItemStatus.SUBMITTED, _("Some to check")),
            (ItemStatus.REFUSED, _("Some refused")),
        ],
    )
    correction = forms.ChoiceField(
        label=_("Request to the candidate"),
        required=False,
        choices=[ANY, (OPEN, _("Open")), (OVERDUE, _("Open, last day past"))],
    )
    correction_due_within = forms.IntegerField(
        label=_("Request due within so many days"), required=False, min_value=0, max_value=366
    )
    beside = forms.ChoiceField(
        label=_("Messages and notes"),
        required=False,
        choices=[
            ANY,
            (UNREAD, _("Messages to read")),
            (NOTED, _("Some note")),
            (IMPORTANT, _("An important note")),
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
    transmitted = forms.ChoiceField(
        label=_("Transmitted"), required=False, choices=[ANY, (YES, _("Yes")), (NO, _("No"))]
    )
    transmitted_from = forms.DateField(label=_("Transmitted from"), required=False)
    transmitted_to = forms.DateField(label=_("Transmitted until"), required=False)

    def __init__(
        self, *args: Any, user: Any, today: date, places: Places | None = None, **kwargs: Any
    ) -> None:
        """`places` is what `places_of(user)` gave, where it is known already."""
        super().__init__(*args, **kwargs)
        self.today = today
        if places is None:
            places = places_of(user, archived=wants_archived(self.data))
        for name, choices in places.items():
            self.fields[name].choices = [ANY, *choices]
        if not places["tacit"]:
            del self.fields["tacit"]

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


def wants_archived(data: Any) -> bool:
    """Whether the address asks for applications of archived campaigns too."""
    return data.get("place", "") in WITH_ARCHIVED


def places_of(user: Any, *, archived: bool = False) -> Places:
    """What there is to choose from: the programmes in reach in campaigns that are not archived (in
    all, with `archived`), their commissions, centres and campaigns, each by name; and the lists of
    the institution. One query, for the grid may take few."""
    names = ("campaign", "commission", "centre")
    found: dict[str, dict[str, str]] = {name: {} for name in ("intake", *names)}
    lists: dict[str, list[tuple[Any, ...]]] = {"exemption": [], "regime": [], "tag": []}
    types: list[tuple[str, str, Any]] = []
    marks: list[TacitThreshold] = []
    intakes = _intakes(user, archived=archived)
    for kind, pk, text, position, *others in intakes.union(*_lists(user), all=True):
        if kind == "mark":
            tone = str(others[1])
            marks.append(TacitThreshold(pk=pk, label=text, days=position, tone=tone))
            continue
        if kind == "type":
            types.append((str(pk), str(text), others[0]))
            continue
        if kind in lists:
            lists[kind].append((position, fold(str(text)), pk, str(text)))
            continue
        pairs = list(zip(others[::2], others[1::2], strict=True))
        found["intake"][str(pk)] = f"{text} – {pairs[0][1]}"
        for name, (key, label) in zip(names, pairs, strict=True):
            found[name][str(key)] = str(label)
    places = {
        name: sorted(texts.items(), key=lambda one: fold(one[1])) for name, texts in found.items()
    }
    nothing = {"exemption": _("None"), "regime": _("None"), "tag": _("Without any tag")}
    for kind, rows in lists.items():
        named = [(str(pk), text) for _position, _folded, pk, text in sorted(rows)]
        places[kind] = [(NOT_DECIDED, nothing[kind]), *named] if named else []
    own = [(key, name) for key, name, of in types if not of or str(of) in found["centre"]]
    places["type"] = sorted(own, key=lambda one: fold(one[1]))
    keep_thresholds(marks)
    return places | {"tacit": _marks()}


def _intakes(user: Any, *, archived: bool) -> QuerySet:
    """Each with its campaign, commission and centre: kind, key, name, position, then key and name
    of each of these."""
    return Intake.objects.filter(
        within(user, Capability.VIEW_APPLICATIONS, "programme__commission"),
        **({} if archived else {"campaign__archived_at": None}),
    ).values_list(
        Value("intake"),
        "pk",
        "programme__name",
        Value(0),
        "campaign_id",
        "campaign__label",
        "programme__commission_id",
        "programme__commission__name",
        "programme__commission__centre_id",
        "programme__commission__centre__name",
    )


def _lists(user: Any) -> list[QuerySet]:
    """The tags in reach, the types of decision with their centre, the exemptions and the regimes,
    those out of service too, and the marks of tacit decisions, in the columns of the intakes."""
    nowhere = [Value(0), Value("")] * 3
    return [
        thresholds_in_service().values_list(
            Value("mark"), "pk", "label", "days", Value(0), "tone", *nowhere[2:]
        ),
        tags_in_reach(user).values_list(Value("tag"), "pk", "label", Value(0), *nowhere),
        DecisionType.objects.values_list(
            Value("type"), "pk", "label", Value(0), "centre_id", *nowhere[1:]
        ),
        *(
            model.objects.values_list(Value(name), "pk", "name", "position", *nowhere)
            for name, model in (("exemption", FeeExemption), ("regime", StudyRegime))
        ),
    ]


def _marks() -> list[tuple[str, Any]]:
    """The marks of tacit decisions, where the institution counts the silence."""
    marks = [(str(each.pk), str(each.label)) for each in thresholds()]
    return [(MARKED, _("Marked, whichever the mark")), *marks] if marks else []


def _place(place: str) -> Q:
    """Archived applications stand apart, cancelled ones among them."""
    if place == ARCHIVED:
        return Q(archived_at__isnull=False)
    if place in (COUNTED, EVER_CANCELLED):
        return Q(cancelled_at__isnull=place == COUNTED)
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
    special = {
        NOT_DECIDED: Q(released_outcome=""),
        RELEASED: ~Q(released_outcome=""),
        DRAFTED: Q(has_draft_decision=True),
    }
    return special.get(wanted, Q(released_outcome=wanted))


def _last(wanted: str, _today: date) -> Q:
    special = {NO_LAST: ~has_decision(), SOME_LAST: has_decision(), RELEASED: last_is_released()}
    return special[wanted] if wanted in special else last_outcome_is(wanted)


def _tacit(wanted: str, today: date) -> Q:
    named = next((each for each in thresholds() if str(each.pk) == wanted), None)
    return is_marked(named, today=today)


def _chosen_row(field: str) -> Any:
    """Of a field that points at a row: that row, or none."""
    return lambda wanted, _today: Q(**{field: None if wanted == NOT_DECIDED else wanted})


def _from(field: str) -> Any:
    return lambda day, _today: Q(**{f"{field}__gte": start_of(day)})


def _until(field: str) -> Any:
    return lambda day, _today: Q(**{f"{field}__lt": start_of(day + timedelta(days=1))})


def _documents(status: str, _today: date) -> Q:
    """Applications with a document in that status."""
    return Q(**{f"{NUMBERS[ItemStatus(status)]}__gt": 0})


def _correction(wanted: str, today: date) -> Q:
    is_open = Q(correction_due_on__isnull=False)
    return Q(correction_due_on__lt=today) if wanted == OVERDUE else is_open


def _correction_due_within(days: int, today: date) -> Q:
    return Q(correction_due_on__gte=today, correction_due_on__lte=today + timedelta(days=days))


def _beside(wanted: str, _today: date) -> Q:
    rows: Any = {
        UNREAD: Message.objects.filter(is_from_candidate=True, read_at=None),
        NOTED: Note.objects.all(),
        IMPORTANT: Note.objects.filter(is_important=True),
    }[wanted]
    return Q(Exists(rows.filter(application=OuterRef("pk"))))


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
    "campaign": lambda campaign, _today: Q(intake__campaign=campaign),
    "service": lambda _yes, _today: in_service(),
    "centre": lambda centre, _today: Q(intake__programme__commission__centre=centre),
    "commission": lambda commission, _today: Q(intake__programme__commission=commission),
    "intake": lambda intake, _today: Q(intake=intake),
    "dossier": _dossier,
    "route": lambda route, _today: Q(route=route),
    "decision": _decision,
    "last": _last,
    "type": lambda chosen, _today: last_type_is(chosen),
    "answer": lambda answer, _today: Q(answer="" if answer == NOT_DECIDED else answer),
    "documents": _documents,
    "correction": _correction,
    "correction_due_within": _correction_due_within,
    "beside": _beside,
    "tag": _tag,
    "due_within": _due_within,
    "unchanged_for": _unchanged_for,
    "created_from": _from("created_at"),
    "created_to": _until("created_at"),
    "transmitted": lambda wanted, _today: Q(transmitted_at__isnull=wanted == NO),
    "transmitted_from": _from("transmitted_at"),
    "transmitted_to": _until("transmitted_at"),
    "tacit": _tacit,
    "exemption": _chosen_row("fee_exemption"),
    "regime": _chosen_row("study_regime"),
}
