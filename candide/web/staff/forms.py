"""Forms of the staff's pages: strings into values."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.domain.asked import RequestedDocument, requested_documents
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import draft_mark
from candide.admissions.decisions.domain.entering import Draft, appealing_blockers
from candide.admissions.decisions.models import Decision, DecisionReason, DecisionType
from candide.institution.pages.domain.wording import choices_of
from candide.web.shared.forms import LongTextField


def look_again(form: forms.Form, seen: Any) -> forms.Form:
    """`form` as it was sent, beside what it is about as it is now: who sends it again has seen
    that."""
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = "" if seen is None else str(seen)
    return form


class CheckForm(forms.Form):
    """The verdict on one document. `seen` is the version that was looked at. The comment begins
    empty: that of an earlier verdict must not go with this one."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    comment = LongTextField(
        label=_("Comment for the candidate"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "data-hotkey": "c"}),
        help_text=_("Needed to refuse: say what is to be done."),
    )
    only_here = forms.BooleanField(
        label=_("For this application only"),
        required=False,
        help_text=_("A shared document otherwise gets the verdict wherever it is used."),
    )

    def __init__(self, *args: Any, item: RequestedDocument, **kwargs: Any) -> None:
        initial = {"seen": item.submitted.version_id if item.submitted else None}
        super().__init__(*args, initial=initial, prefix="check", **kwargs)
        if not item.requirement.is_shared:
            del self.fields["only_here"]


VERDICTS = {
    "approve": ItemStatus.APPROVED,
    "refuse": ItemStatus.REFUSED,
    "reset": ItemStatus.SUBMITTED,
}


class StatusForm(forms.Form):
    """The status of the dossier, its day, and what is asked for again. `seen` is the status that
    was looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    status = forms.ChoiceField(
        label=_("Status"),
        choices=lambda: choices_of(DossierStatus),
        widget=forms.Select(attrs={"data-hotkey": "s"}),
    )
    on = forms.DateField(
        label=_("Day"), required=False, help_text=_("Today if empty; never in the future.")
    )
    request_again = forms.MultipleChoiceField(
        label=_("Ask again for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        application: Application,
        documents: list[RequestedDocument] | None = None,
        **kwargs: Any,
    ) -> None:
        if documents is None:
            documents = requested_documents(application)
        initial = {"status": _next_status(application), "seen": application.dossier_status}
        super().__init__(*args, initial=initial, prefix="status", **kwargs)
        self.fields["request_again"].choices = [
            (item.requirement.pk, str(item.requirement.label))
            for item in documents
            if item.status == ItemStatus.SUBMITTED
        ]


def _next_status(application: Application) -> str:
    """The status one usually sets next."""
    usual = {
        DossierStatus.AWAITED: DossierStatus.RECEIVED,
        DossierStatus.INCOMPLETE: DossierStatus.COMPLETE,
    }
    return usual.get(DossierStatus(application.dossier_status), DossierStatus.COMPLETE)


class DecisionFields(forms.Form):
    """What a decision is made of, but its rank. Which parts count depends on the type; the domain
    says what misses."""

    type = forms.ModelChoiceField(
        DecisionType.objects.none(),
        label=_("Decision"),
        empty_label=_("Choose"),
        widget=forms.Select(attrs={"data-hotkey": "d"}),
    )
    reason = forms.ModelChoiceField(
        DecisionReason.objects.none(),
        label=_("Reason"),
        required=False,
        empty_label=_("None"),
        help_text=_("For an unfavourable decision; the candidate reads it."),
    )
    shortlist_on = forms.DateField(label=_("Day of the interview"), required=False)
    shortlist_time = forms.TimeField(label=_("Hour of the interview"), required=False)
    shortlist_place = forms.CharField(
        label=_("Place of the interview"), required=False, max_length=100
    )
    comment = LongTextField(
        label=_("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def offer(self, here: Q) -> None:
        """Offer the types and reasons that are used here and in service."""
        for name, model in (("type", DecisionType), ("reason", DecisionReason)):
            rows = model.objects.filter(here, is_active=True).distinct()
            self.fields[name].queryset = rows.order_by("pk")


class DecisionForm(DecisionFields):
    """A draft of a decision. `seen` is the mark of the draft that was looked at."""

    field_order = ("type", "reason", "rank")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    rank = forms.IntegerField(
        label=_("Rank"), required=False, min_value=1, help_text=_("For the reserve list.")
    )
    is_appeal = forms.BooleanField(label=_("Follows an appeal"), required=False)

    def __init__(
        self,
        *args: Any,
        application: Application,
        draft: Decision | None,
        copied: Decision | None = None,
        **kwargs: Any,
    ) -> None:
        """It begins with the `draft`, or with a decision to be `copied`, which is not an appeal."""
        intake = application.intake
        begun = draft or copied
        shown = begun or intake
        initial = {
            "shortlist_on": shown.shortlist_on,
            "shortlist_time": shown.shortlist_time,
            "shortlist_place": shown.shortlist_place,
            "seen": draft_mark(draft),
        }
        if begun:
            for name in ("type", "reason", "rank", "comment"):
                initial[name] = getattr(begun, name)
        initial["is_appeal"] = bool(draft and draft.is_appeal)
        super().__init__(*args, initial=initial, prefix="decision", **kwargs)
        if appealing_blockers(application):
            del self.fields["is_appeal"]
        self.offer(Q(centre=None) | Q(centre=intake.programme.commission.centre))

    def draft(self) -> Draft:
        """The draft that was entered."""
        return Draft(**{k: value for k, value in self.cleaned_data.items() if k != "seen"})


def _individual_day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, widget=widget)


class DeadlineForm(forms.Form):
    """The last day for one dossier."""

    day = _individual_day(_("Individual last day for this dossier"))


class AnswerDeadlineForm(forms.Form):
    """The last day to answer one offer."""

    prefix = "answer"
    day = _individual_day(_("Individual last day to answer"))
