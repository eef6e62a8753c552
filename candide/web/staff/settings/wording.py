"""« Libellés » : the institution's own words for statuses and routes, beside what they mean
[back-office 12.1–12.3]."""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, ItemStatus
from candide.core.blockers import Blocker, Refused
from candide.core.views import permission_required
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.pages.domain.wording import code_of, first_words, own_words, reword
from candide.institution.pages.models import Wording
from candide.web.staff.settings.forms import field_of
from candide.web.staff.settings.history import Entry, row_sentences

SHOWN_HISTORY = 30

MEANINGS: dict[TextChoices, Any] = {
    DossierStatus.AWAITED: gettext_lazy("Not transmitted yet, or put back: the candidate works."),
    DossierStatus.RECEIVED: gettext_lazy("Transmitted, or arrived on paper: frozen as it is."),
    DossierStatus.INCOMPLETE: gettext_lazy("What is missing or refused is open to the candidate."),
    DossierStatus.COMPLETE: gettext_lazy("Nothing is missing: it can be examined."),
    AdmissionRoute.UNDETERMINED: gettext_lazy("By which route it is examined is not settled."),
    AdmissionRoute.CONTROLLED: gettext_lazy("Admission after the dossier was examined."),
    AdmissionRoute.DIRECT: gettext_lazy("Admission by right once the dossier is accepted."),
    ItemStatus.MISSING: gettext_lazy("The candidate gave nothing yet."),
    ItemStatus.SUBMITTED: gettext_lazy("Given, not looked at yet."),
    ItemStatus.APPROVED: gettext_lazy("Looked at and accepted."),
    ItemStatus.REFUSED: gettext_lazy("Looked at and refused, with a comment."),
    ItemStatus.NOT_APPLICABLE: gettext_lazy("The candidate declared not to be concerned."),
    CandidateAnswer.ACCEPTED: gettext_lazy("The candidate takes the place offered."),
    CandidateAnswer.WITHDRAWN: gettext_lazy("The candidate gives the place up."),
}
SECTIONS: tuple[tuple[Any, type[TextChoices]], ...] = (
    (gettext_lazy("Statuses of dossiers"), DossierStatus),
    (gettext_lazy("Admission routes"), AdmissionRoute),
    (gettext_lazy("Statuses of documents and answers to questions"), ItemStatus),
    (gettext_lazy("Answers of candidates"), CandidateAnswer),
)
MEMBERS = {code_of(member): member for _title, enum in SECTIONS for member in enum}


@dataclass(frozen=True)
class Line:
    """One word: what it means, what we call it, the field of the institution's own."""

    meaning: Any
    first: dict[str, str]
    field: Any


class WordingForm(forms.Form):
    """A field for each word, in each language; empty: our own. `seen` is what the page showed."""

    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        words = own_words()
        kwargs["initial"] = {**words, "seen": words}
        super().__init__(*args, **kwargs)
        for code, member in MEMBERS.items():
            label = Wording._meta.get_field("label")
            field = field_of(label, label=member.label, required=False)
            field.widget.attrs["maxlength"] = 100
            self.fields[code] = field

    def lines(self) -> list[tuple[Any, list[Line]]]:
        return [
            (
                title,
                [
                    Line(MEANINGS[member], first_words(member), self[code_of(member)])
                    for member in enum
                ],
            )
            for title, enum in SECTIONS
        ]

    def words(self) -> dict[TextChoices, dict[str, str]]:
        """What was typed, by member and language."""
        found = {}
        for code, member in MEMBERS.items():
            data = getattr(self.cleaned_data[code], "data", None) or {}
            found[member] = {language: text.strip() for language, text in data.items() if text}
        return found


@permission_required("pages.view")
def wording_page(request: HttpRequest) -> HttpResponse:
    """Every word on one page; saving changes those that were changed."""
    may_change = request.user.has_perm("pages.manage")
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = WordingForm(request.POST) if request.method == "POST" else WordingForm()
    blockers: list[Blocker] = []
    if request.method == "POST" and form.is_valid():
        try:
            reword(form.words(), by=request.user, seen=form.cleaned_data["seen"] or {})
        except Refused as refusal:
            blockers = refusal.blockers
            form.data = form.data.copy()
            form.data["seen"] = json.dumps(own_words())
        else:
            messages.success(request, _("The words are saved; every page shows them now."))
            return redirect("staff:wording")
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    context = {
        "form": form,
        "sections": form.lines(),
        "languages": settings.LANGUAGES,
        "blockers": blockers,
        "may_change": may_change,
        "history": _history(),
        "navigation": "staff",
    }
    status = 409 if blockers else 422 if request.method == "POST" else 200
    return render(request, "staff/settings/wording.html", context, status=status)


def _history() -> list[Entry]:
    """What was changed last, under the word it was changed of."""
    model = Wording._meta.label_lower
    about = HistoryEntry.objects.filter(subject_type=model).order_by("-at", "-pk")
    entries = list(about[:SHOWN_HISTORY])
    codes = dict(Wording.objects.values_list("pk", "code"))
    sentences = row_sentences(entries, Wording())
    return [
        Entry(each.at, each.who, _called(codes.get(entry.subject_id, "")), each.changes)
        for entry, each in zip(entries, sentences, strict=True)
    ]


def _called(code: str) -> str:
    member = MEMBERS.get(code)
    return str(member.label) if member else code
