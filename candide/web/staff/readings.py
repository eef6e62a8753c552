"""« Consultations »: who opened which dossier. Every page and file about one application or one
candidate notes it by itself; administrators look through what was noted, of programs too."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.finding import Found, find_people
from candide.core.text import whole_number
from candide.core.views import permission_required, when_read
from candide.institution.accounts.models import User
from candide.institution.requirements.models import DocumentRequirement
from candide.institution.tokens.models import Token
from candide.reporting.privacy.domain.reading_log import (
    note_reading,
    read_together,
    readings_found,
)
from candide.reporting.privacy.enums import Opened
from candide.reporting.privacy.models import Reading
from candide.web.shared.addresses import changed, newest_page
from candide.web.staff.rights.pages import Page
from candide.web.staff.settings.forms import DAY

VIEW = "privacy.view_readings"
PAGE = 50
SHOWN = {200, 206, 304}  # 206: a part of a file; 304: the browser had it already
READINGS = Page(
    _("Who opened which dossier"),
    _("Of staff and of other systems: dossiers, documents and exports, with the moment."),
    VIEW,
    "readings",
)
# What is opened at an address, where it is not the application itself.
OPENED = {
    "document_file": Opened.DOCUMENT,
    "document_original": Opened.DOCUMENT,
    "dossier": Opened.PDF,
    "letter": Opened.LETTER,
}


@when_read
def note(
    request: HttpRequest, subject: Model, kwargs: dict[str, Any], response: HttpResponse
) -> None:
    """Note that somebody else than its candidate was shown an application or a file."""
    account = _account_of(subject)
    if account is None or account == request.user.pk or response.status_code not in SHOWN:
        return
    is_application = isinstance(subject, Application)
    match = request.resolver_match
    opened = OPENED.get(match.url_name or "", Opened.DOSSIER) if match else Opened.DOSSIER
    note_reading(
        reader=request.user,
        account_id=account,
        application_id=subject.pk if is_application else None,
        opened=opened if is_application else Opened.FILE,
        document_id=kwargs.get("requirement") if opened == Opened.DOCUMENT else None,
        now=timezone.now(),
    )


def _account_of(subject: Model) -> int | None:
    """Whose account it is about, if it is a candidate's."""
    if isinstance(subject, Application):
        return subject.candidate.user_id
    return subject.pk if isinstance(subject, User) and subject.is_candidate else None


class ReadingFilters(forms.Form):
    """What narrows the log; what is not valid narrows nothing."""

    q = forms.CharField(label=_("Candidate: name or file number"), required=False, max_length=200)
    reader = forms.CharField(
        label=_("Who opened it: name, address or access token"), required=False, max_length=200
    )
    first = forms.DateField(label=_("From (day)"), required=False, widget=DAY)
    last = forms.DateField(label=_("Until (included)"), required=False, widget=DAY)
    application = forms.IntegerField(required=False, widget=forms.HiddenInput)
    account = forms.IntegerField(required=False, widget=forms.HiddenInput)
    token = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_valid()

    def readings(self) -> Any:
        chosen = self.cleaned_data
        reader, token = chosen.get("reader", "").strip(), chosen.get("token")
        return readings_found(
            application_id=chosen.get("application"),
            accounts=self._accounts(),
            readers=people_called(reader) if token is None else [],
            tokens=_tokens(reader) if token is None else [token],
            first=chosen.get("first"),
            last=chosen.get("last"),
        )

    def _accounts(self) -> list[int] | None:
        if self.cleaned_data.get("account") is not None:
            return [self.cleaned_data["account"]]
        return None if self.candidates is None else [each.pk for each in self.candidates.people]

    @cached_property
    def candidates(self) -> Found | None:
        """Whom the name or number means; nothing where another field says it, or none does."""
        is_said = self.cleaned_data.get("account") is not None
        return None if is_said else candidates_called(self.cleaned_data.get("q", "").strip())


def candidates_called(searched: str) -> Found | None:
    """Those found by what was typed, who may be too many to look through all of theirs."""
    if not searched:
        return None
    return find_people(searched, among=User.objects.filter(file_number__isnull=False))


def people_called(searched: str) -> QuerySet | None:
    """The query of the keys of those who have an account here, by each word of what was typed:
    however many they are."""
    if not searched:
        return None
    found = User.objects.all()
    for word in searched.split():
        found = found.filter(
            Q(last_name__icontains=word)
            | Q(first_name__icontains=word)
            | Q(email__istartswith=word)
        )
    return found.values("pk")


def _tokens(searched: str) -> QuerySet:
    """Those whose name has every word of what was typed."""
    found = Token.objects.all() if searched else Token.objects.none()
    for word in searched.split():
        found = found.filter(name__icontains=word)
    return found.values("pk")


@permission_required(VIEW)
def reading_list(request: HttpRequest) -> HttpResponse:
    """Newest first: of one application, of one candidate, by one reader, between days."""
    filters = ReadingFilters(request.GET)
    rows, older = newest_page(request.GET, filters.readings())
    context = {
        "lines": _lines(rows),
        "older": older,
        "filters": filters,
        "narrowed": _narrowed(filters.cleaned_data),
        "navigation": "staff",
    }
    return render(request, "staff/readings.html", context)


@permission_required(VIEW)
def reading_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Of which applications a reading of many was, in the order in which they were made."""
    reading = get_object_or_404(Reading, pk=pk, number__isnull=False)
    after = whole_number(request.GET.get("after")) or 0
    keys = [key for key in read_together(reading) if key > after]
    rows = Application.objects.with_offer().in_bulk(keys[:PAGE])
    context = {
        "line": _lines([reading])[0],
        "applications": [rows[key] for key in keys[:PAGE] if key in rows],
        "gone": len(keys[:PAGE]) - len(rows),
        "next": changed(request.GET, after=keys[PAGE - 1]) if len(keys) > PAGE else "",
        "navigation": "staff",
    }
    return render(request, "staff/reading.html", context)


def _narrowed(chosen: dict[str, Any]) -> dict[str, Any]:
    """The one application, candidate or token that is asked about, for the way back."""
    rows: dict[str, Any] = {
        "application": Application.objects.with_offer(),
        "account": User.objects.all(),
        "token": Token.objects.all(),
    }
    return {
        name: among.filter(pk=chosen[name]).first() if chosen.get(name) else None
        for name, among in rows.items()
    }


def _lines(readings: list[Reading]) -> list[dict[str, Any]]:
    """Each with the names there still are; of whom was erased there is none."""
    people = User.objects.select_related("candidate").in_bulk(
        {pk for each in readings for pk in (each.reader_id, each.account_id)} - {None}
    )
    tokens = Token.objects.in_bulk({each.token_id for each in readings} - {None})
    applications = Application.objects.with_offer().in_bulk(
        {each.application_id for each in readings} - {None}
    )
    documents = DocumentRequirement.objects.in_bulk(
        {each.document_id for each in readings} - {None}
    )
    return [
        {
            "reading": each,
            "reader": people.get(each.reader_id),
            "token": tokens.get(each.token_id),
            "account": people.get(each.account_id),
            "application": applications.get(each.application_id),
            "document": documents.get(each.document_id),
        }
        for each in readings
    ]
