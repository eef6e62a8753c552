"""The page of all components in all their states, in development and for the tests."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candide.admissions.applications.domain import stage
from candide.admissions.applications.domain.track import Step
from candide.core.blockers import Blocker
from candide.core.clock import localdate
from candide.web.shared.statuses import ENUMS, NONE_YET, TONES

_CHOICES = [("a", "Première"), ("b", "Deuxième"), ("c", "Troisième")]


class SampleForm(forms.Form):
    """One field of each kind."""

    text = forms.CharField(label="Nom de famille", help_text="Comme sur la pièce d'identité.")
    email = forms.EmailField(label="Adresse e-mail", required=False)
    number = forms.IntegerField(label="Nombre d'années", required=False)
    day = forms.DateField(label="Date de naissance", help_text="Par exemple 24/12/2008.")
    select = forms.ChoiceField(label="Pays", choices=[("", "Choisir…"), *_CHOICES])
    radio = forms.ChoiceField(label="Civilité", choices=_CHOICES[:2], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(
        label="Langues",
        choices=[("Europe", _CHOICES[:2]), ("Ailleurs", _CHOICES[2:])],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Autant que vous voulez.",
    )
    checkbox = forms.BooleanField(label="Je certifie sur l'honneur l'exactitude de ma saisie")
    password = forms.CharField(label="Mot de passe", widget=forms.PasswordInput, required=False)
    file = forms.FileField(label="Fichier", required=False)
    long_text = forms.CharField(label="Motivation", widget=forms.Textarea, required=False)
    moment = forms.SplitDateTimeField(
        label="Rendez-vous",
        required=False,
        widget=forms.SplitDateTimeWidget(
            date_attrs={"aria-label": "Jour"}, time_attrs={"aria-label": "Heure"}
        ),
    )
    hidden = forms.CharField(widget=forms.HiddenInput, initial="1")

    def clean(self) -> None:
        raise forms.ValidationError("Ces réponses se contredisent.")


def sample_context() -> dict[str, object]:
    today = localdate(timezone.now())
    return {
        "statuses": [
            (kind, [*([""] if kind in NONE_YET else []), *enum.values])
            for kind, enum in ENUMS.items()
        ],
        "stages": [
            stage.CANCELLED,
            *stage.BY_DOSSIER.values(),
            *stage.DECIDED.values(),
            *stage.ANSWERED.values(),
        ],
        "tones": TONES,
        "levels": ["info", "success", "warning", "error"],
        "tracks": [
            [
                Step("applied", "Déposée", "done", today),
                Step("received", "Transmise et réceptionnée", "done", today),
                Step("complete", "Complète", "current"),
                Step("decision", "Décision", "ahead"),
                Step("answer", "Réponse", "ahead"),
            ],
            [
                Step("applied", "Déposée", "done"),
                Step("cancelled", "Annulée", "stopped", today),
            ],
        ],
        "days": [today + timedelta(days) for days in (-30, -1, 0, 1, 3, 20)],
        "today": today,
        "page": Paginator(range(312), 25).page(2),
        "blank_form": SampleForm(prefix="blank"),
        "wrong_form": SampleForm({"wrong-email": "alix"}, prefix="wrong"),
        "blockers": [
            Blocker("missing", "La pièce « Curriculum vitae » n'est pas déposée.", "document:1"),
            Blocker("too_late", "La date limite de retour du dossier est passée."),
        ],
    }


@require_safe
@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    if not settings.SHOW_COMPONENTS:
        raise Http404
    for level in ("info", "success", "warning", "error"):
        getattr(messages, level)(request, f"Message « {level} ».")
    return render(request, "shared/components.html", sample_context())
