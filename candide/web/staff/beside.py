"""What stands beside the dossier on the page of an application: what is asked of this candidate
alone, messages with them, notes among staff."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.correcting import correcting_blockers
from candide.admissions.applications.domain.corrections import corrections_of
from candide.admissions.applications.models import Application, Correction
from candide.admissions.correspondence.domain.notes import notes_of, noting_blockers
from candide.admissions.correspondence.domain.thread import thread_of, writing_blockers
from candide.admissions.correspondence.models import LONGEST_MESSAGE, LONGEST_NOTE, Message, Note
from candide.core.blockers import Blocker
from candide.web.shared.forms import LongTextField

# What this part of the page offers to those who may.
ACTS = {
    "write_note": "correspondence.write_note",
    "write_to_candidate": "correspondence.write_to_candidate",
    "ask_corrections": "applications.ask_corrections",
    "act_for": "applications.act_for",
}


class NoteForm(forms.Form):
    """A note among staff. `seen` is when it was last changed, as the page showed it."""

    prefix = "note"
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    text = LongTextField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "data-hotkey": "o"}),
        help_text=_("Read by staff only, never by the candidate."),
    )
    is_important = forms.BooleanField(label=_("Important"), required=False)


class MessageForm(forms.Form):
    """A message to the candidate."""

    prefix = "message"
    text = LongTextField(
        label=_("Message to the candidate"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4, "data-hotkey": "m"}),
        help_text=_("A mail tells the candidate that it is there, without its words."),
    )


class FurtherDocumentForm(forms.Form):
    """A document asked of one application alone."""

    prefix = "further"
    label = forms.CharField(label=_("Document"), max_length=200)
    is_internal = forms.BooleanField(
        label=_("Internal: staff give it, the candidate never sees it"), required=False
    )


class CorrectionDayForm(forms.Form):
    """Another last day for a request."""

    due_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


@dataclass(frozen=True)
class Asked:
    """A request as the page shows it."""

    correction: Correction
    is_overdue: bool
    form: CorrectionDayForm | None


@dataclass(frozen=True)
class Beside:
    """Those parts of the page, worked out once."""

    notes: list[Note]
    thread: list[Message]
    unread: int
    corrections: list[Asked]
    may: dict[str, bool]
    cannot_ask: list[Blocker]

    @property
    def open_corrections(self) -> int:
        return sum(one.correction.is_open for one in self.corrections)


def beside(application: Application, user: Any, *, today: date) -> Beside:
    """What stands beside the dossier of `application`, for one member of staff."""
    may = {name: user.has_perm(permission, application) for name, permission in ACTS.items()}
    may["write_note"] &= not noting_blockers(application)
    may["write_to_candidate"] &= not writing_blockers(application)
    may["ask_corrections"] &= application.archived_at is None
    thread = thread_of(application, with_authors=True)
    return Beside(
        notes=notes_of(application),
        thread=thread,
        unread=sum(one.is_from_candidate and one.read_at is None for one in thread),
        corrections=[
            Asked(one, one.is_overdue(today), _day_form(one, may["ask_corrections"]))
            for one in corrections_of(application)
        ],
        may=may,
        cannot_ask=correcting_blockers(application),
    )


def shown_beside(application: Application, user: Any, *, today: date) -> dict[str, Any]:
    """What the template needs of it, with forms nothing was typed into yet."""
    return {
        "beside": beside(application, user, today=today),
        "note_form": NoteForm(),
        "message_form": MessageForm(),
        "further_form": FurtherDocumentForm(),
    }


def _day_form(correction: Correction, may_ask: bool) -> CorrectionDayForm | None:
    if not (may_ask and correction.is_open):
        return None
    return CorrectionDayForm(initial={"due_on": correction.due_on}, prefix=f"day-{correction.pk}")
