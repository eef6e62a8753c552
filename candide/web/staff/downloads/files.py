"""« Dossiers et pièces » of the applications one searched for or ticked [back-office 22.1, 22.2];
the spreadsheets of the settings."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from candide.core.blockers import Blocker, Refused
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.institution.requirements.models import DocumentRequirement
from candide.reporting.exports.domain.dossiers import DOCUMENTS, DOSSIERS, WHAT, ask_files, most_of
from candide.reporting.exports.domain.naming import USUAL, USUAL_OF_DOCUMENTS, WORDS
from candide.reporting.exports.domain.organisation import TABLES, ask_table
from candide.web.shared.again import before_exporting
from candide.web.staff.bulk.selecting import found_by
from candide.web.staff.downloads.applications import about, number_of


class FilesForm(forms.Form):
    """What is wanted of the applications, and how its files are called."""

    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=5000)
    ids = forms.CharField(widget=forms.HiddenInput, required=False)
    what = forms.ChoiceField(label=_("What"), widget=forms.RadioSelect, initial=DOSSIERS)
    requirement = forms.ModelChoiceField(
        DocumentRequirement.objects.none(),
        label=_("Document"),
        required=False,
        empty_label=_("All documents"),
        help_text=_("For the documents given."),
    )
    pattern = forms.CharField(label=_("Names of the files"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [
            (
                code,
                _("%(what)s – at most %(most)d applications")
                % {"what": text, "most": most_of(code)},
            )
            for code, (text, _most) in WHAT.items()
        ]
        requirements = DocumentRequirement.objects.filter(is_active=True)
        self.fields["requirement"].queryset = requirements.order_by("code")
        words = ", ".join(f"{{{word}}} ({text})" for word, text in WORDS.items())
        self.fields["pattern"].help_text = _(
            "Empty: %(usual)s. Words that are replaced: %(words)s."
        ) % {"usual": USUAL, "words": words}

    def keys(self, user: Any) -> list[int]:
        """The applications meant: the lines that were ticked, else all the search finds."""
        posted = self.cleaned_data["ids"].split(",") if self.cleaned_data["ids"] else []
        ticked = [key for key in map(whole_number, map(str.strip, posted)) if key is not None]
        most = most_of(self.cleaned_data["what"])
        return ticked or found_by(self.cleaned_data["query"], user, most=most)


@permission_required("exports.applications")
@before_exporting
def files_page(request: HttpRequest) -> HttpResponse:
    """Choose what is wanted; posted with `do`, ask for it."""
    is_asked = request.method == "POST" and "do" in request.POST
    ids = ",".join(request.POST.getlist("ids"))
    initial = {"query": request.GET.urlencode(), "ids": ids}
    form = FilesForm(request.POST if is_asked else None, initial=None if is_asked else initial)
    blockers: list[Blocker] = []
    status = 200
    if is_asked:
        status = 422
        if form.is_valid():
            try:
                return _asked(request, form)
            except Refused as refusal:
                blockers, status = refusal.blockers, 409
    query, ids = str(form["query"].value() or ""), str(form["ids"].value() or "")
    context = {
        "form": form,
        "blockers": blockers,
        "number": len(ids.split(",")) if ids else number_of(query, request.user),
        "about": [] if ids else about(query, request.user),
        "list_url": f"{reverse('staff:applications')}?{query}",
        "navigation": "staff",
    }
    return render(request, "staff/downloads/files.html", context, status=status)


def _asked(request: HttpRequest, form: FilesForm) -> HttpResponse:
    chosen = form.cleaned_data
    is_documents = chosen["what"] == DOCUMENTS
    usual = USUAL_OF_DOCUMENTS if is_documents else USUAL
    requirement = chosen["requirement"]
    download = ask_files(
        form.keys(request.user),
        chosen["what"],
        pattern=chosen["pattern"].strip() or usual,
        requirement=requirement.pk if requirement and is_documents else None,
        by=request.user,
        now=timezone.now(),
    )
    return redirect("staff:download", download.pk)


@require_POST
@permission_required("staff.enter")
def export_table(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for the centres, commissions or programmes in one's reach."""
    table = TABLES.get(code)
    if table is None:
        raise Http404
    if not request.user.has_perm(table.permission):
        raise PermissionDenied
    try:
        format = "csv" if request.POST.get("format") == "csv" else "xlsx"
        download = ask_table(code, by=request.user, now=timezone.now(), format=format)
    except Refused as refusal:
        context = {"blockers": refusal.blockers, "downloads": [], "navigation": "staff"}
        return render(request, "staff/downloads/list.html", context, status=409)
    return redirect("staff:download", download.pk)
