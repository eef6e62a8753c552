"""The product's addresses, pages only a fault or a decision shows, and forms for the scripts."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from candide.config.urls import urlpatterns as of_the_product
from candide.core.blockers import Blocker
from candide.web.shared import errors

_NOT_CLEARED = Blocker("scan_pending", "L'antivirus n'a pas encore examiné ce fichier.")
_ERRORS = {
    "400": errors.bad_request,
    "403": errors.forbidden,
    "405": errors.only_a_form,
    "csrf": errors.csrf_failure,
    "500": errors.server_error,
    "file": lambda request: errors.file_unavailable(request, [_NOT_CLEARED]),
}


@login_not_required
def sample(request: HttpRequest, name: str) -> HttpResponse:
    return _ERRORS[name](request)


@login_not_required
def confirm(request: HttpRequest) -> HttpResponse:
    return render(request, "tests/confirm.html", {"blockers": [], "form": None})


@login_not_required
def confirm_refused(request: HttpRequest) -> HttpResponse:
    blockers = [Blocker("too_late", "La date limite est passée.")]
    return render(request, "tests/confirm.html", {"blockers": blockers, "form": None}, status=409)


class SampleEntry(forms.Form):
    name = forms.CharField(label="Nom")
    years = forms.CharField(
        label="Années",
        required=False,
        validators=[RegexValidator(r"^\d*$", "Saisissez un nombre entier.")],
    )
    civility = forms.ChoiceField(
        label="Civilité", choices=[("m", "M."), ("f", "Mme")], widget=forms.RadioSelect
    )
    country = forms.ChoiceField(label="Pays", choices=[("", "–"), ("fr", "France")], required=False)
    secret = forms.CharField(label="Secret", widget=forms.PasswordInput, required=False)


received: list[dict[str, Any]] = []
saved: dict[str, Any] = {}


def forget_everything() -> None:
    received.clear()
    saved.clear()


def entry(request: HttpRequest) -> HttpResponse:
    """A form saved as one goes; behind sign-in."""
    form = SampleEntry(request.POST or None, initial=dict(saved))
    if request.method == "POST":
        received.append(request.POST.dict())
        if request.POST.get("name") == "conflit":
            return render(request, "shared/autosave.html", {"form": form}, status=409)
        form.is_valid()
        saved.update(form.cleaned_data)
        if request.htmx:
            return render(request, "shared/autosave.html", {"form": form})
        return redirect("/essai/saisie/?fini=1")
    return render(request, "tests/entry.html", {"form": form})


@login_not_required
def upload(request: HttpRequest) -> HttpResponse:
    """A form that takes files."""
    files = request.FILES.getlist("files")
    error = ""
    if request.method == "POST":
        received.append({"files": [(file.name, file.size) for file in files]})
        if any(file.name == "mauvais.pdf" for file in files):
            error = "Ce fichier est abîmé."
    context = {"error": error, "names": [file.name for file in files]}
    return render(request, "tests/upload.html", context, status=422 if error else 200)


@login_not_required
def nothing(request: HttpRequest) -> HttpResponse:
    """An empty page of this site: what draws its pages goes on with all it has compiled."""
    return HttpResponse()


urlpatterns = [
    path("essai/rien/", nothing),
    path("essai/saisie/", entry),
    path("essai/depot/", upload),
    path("erreur/confirm/", confirm),
    path("erreur/confirm-refused/", confirm_refused),
    path("erreur/<slug:name>/", sample),
    *of_the_product,
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
