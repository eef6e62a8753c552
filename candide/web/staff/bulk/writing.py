"""Writing a mail to a selection: the text, what some of the candidates would read, a test."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.writing import Letter, letter_blockers, letter_to
from candide.admissions.applications.mails import Written
from candide.admissions.applications.models import Application
from candide.admissions.bulk.domain.running import ask_action, look_at_first
from candide.admissions.bulk.domain.writing import ONCE_A_CANDIDATE, WRITE
from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.foundation.runs.models import Run
from candide.institution.mails.domain.testing import send_test
from candide.institution.mails.domain.texts import Preview, current_words, preview

PARTS = ("subject", "body")


class WriteForm(forms.Form):
    """Subject and text in each language, and how often the same person gets it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = current_words(Written, None)
        for language, name in settings.LANGUAGES:
            is_default = language == settings.LANGUAGE_CODE
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject (%(language)s)") % {"language": name},
                required=is_default,
                initial=said[language].subject if is_default else "",
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": name},
                required=is_default,
                widget=forms.Textarea(attrs={"rows": 12 if is_default else 6}),
                initial=said[language].body if is_default else "",
                help_text="" if is_default else _("Empty: everybody gets the text above."),
            )
        self.fields["once_per"] = forms.ChoiceField(
            label=_("Who applied several times within the selection gets"),
            choices=[
                ("application", _("a mail for each application")),
                (ONCE_A_CANDIDATE, _("one mail, for the first of them")),
            ],
            initial="application",
        )

    def values(self) -> dict[str, Any]:
        """What was typed, as JSON."""
        typed = {
            part: {
                language: self.cleaned_data.get(f"{part}_{language}", "")
                for language, _name in settings.LANGUAGES
            }
            for part in PARTS
        }
        return {**typed, "once_per": self.cleaned_data.get("once_per", "application")}


def write_page(request: HttpRequest, run: Run) -> HttpResponse:
    """What is written; previewed and tested as often as one likes, then every row is looked at."""
    form = WriteForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"blockers": [], "previewed": None, "reader": None, "sent_to": ""}
    status = 200
    if request.method == "POST":
        if not form.is_valid():
            status = 422
        elif request.POST.get("do") in {"preview", "test"}:
            context |= _tried(request, run, form)
        else:
            try:
                ask_action(run, WRITE, form.values(), now=timezone.now())
            except Refused as refusal:
                context["blockers"], status = refusal.blockers, 409
            else:
                look_at_first(run, clock=timezone.now)
                return redirect("staff:run", run.pk)
    context |= {
        "run": run,
        "action": WRITE,
        "form": form,
        "nth": whole_number(request.POST.get("nth")) or 1,
        "placeholders": Written.all_placeholders(),
        "number": run.items.count(),
        "navigation": "staff",
    }
    return render(request, "staff/bulk/write.html", context, status=status)


def _tried(request: HttpRequest, run: Run, form: WriteForm) -> dict[str, Any]:
    """What one of the candidates would read, and whether it was sent to oneself."""
    values = form.values()
    letter = Letter(values["subject"], values["body"])
    if blockers := letter_blockers(letter):
        return {"blockers": blockers}
    reader = _nth(request, run)
    if reader is None:
        message = _("There is no such application in your reach within the selection.")
        return {"blockers": [Blocker("not_there", message)]}
    shown = _preview(reader, letter)
    if request.POST["do"] == "preview":
        return {"previewed": shown, "reader": reader}
    try:
        send_test([shown], to=request.user, now=timezone.now())
    except Refused as refusal:
        return {"previewed": shown, "reader": reader, "blockers": refusal.blockers}
    return {"previewed": shown, "reader": reader, "sent_to": request.user.email}  # type: ignore[union-attr]


def _nth(request: HttpRequest, run: Run) -> Application | None:
    """The application at the place that was asked for."""
    place = whole_number(request.POST.get("nth")) or 1
    item = run.items.filter(position=place).first()
    if item is None:
        return None
    reached = Application.objects.with_offer().visible_to(request.user)
    return reached.filter(pk=item.subject_id).first()


def _preview(reader: Application, letter: Letter) -> Preview:
    text = letter_to(reader, letter)
    assert text is not None  # noqa: S101 -- letter_blockers refused otherwise
    return preview(Written, text, about=reader)
