"""« Boîte d'envoi »: what was sent, what waits, what failed."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.applications.rules import ABOUT, resent_by
from candide.admissions.candidates.models import Candidate
from candide.core.blockers import Refused
from candide.core.text import fold
from candide.core.views import permission_required
from candide.institution.mails.domain.outbox import can_be_read, retry, retry_all, retry_blockers
from candide.institution.mails.domain.queries import numbers_by_status, outbox
from candide.institution.mails.domain.testing import TEST
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.kinds import kinds
from candide.institution.mails.models import OutgoingMail
from candide.web.shared.addresses import changed, newest_page
from candide.web.shared.refusals import show_refusal
from candide.web.staff.settings.forms import DAY

MOST_PEOPLE = 500


def titles() -> dict[str, str]:
    """What each kind of mail is called."""
    return {**{kind.code: str(kind.title) for kind in kinds()}, TEST: _("Test of a text")}


class OutboxFilters(forms.Form):
    """What narrows the outbox; what is not valid narrows nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name, file number or whole address"), required=False, max_length=254
    )
    kind = forms.ChoiceField(label=gettext_lazy("Mail"), required=False)
    first = forms.DateField(label=pgettext_lazy("first day", "From"), required=False, widget=DAY)
    last = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DAY)
    application = forms.ModelChoiceField(
        Application.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(titles().items(), key=lambda each: fold(each[1]))
        self.fields["kind"].choices = [("", gettext_lazy("All")), *named]
        reached = Application.objects.with_offer().visible_to(user)
        self.fields["application"].queryset = reached
        self.user = user
        self.is_valid()

    @property
    def about(self) -> Application | None:
        """The one application they are about, if one was chosen."""
        return self.cleaned_data.get("application")

    def mails(self) -> QuerySet[OutgoingMail]:
        """The mails found that the person may know of."""
        chosen = self.cleaned_data
        searched = chosen.get("q", "").strip()
        is_address = "@" in searched
        found = outbox(
            kind=chosen.get("kind", ""),
            address=searched if is_address else "",
            about=self.about,
            people=_people(searched) if searched and not is_address else None,
            first=chosen.get("first"),
            last=chosen.get("last"),
        )
        return found.visible_to(self.user)


def _people(searched: str) -> list[int]:
    """The accounts of the candidates these words find."""
    found = Candidate.objects.order_by("pk")
    for word in fold(searched).split():
        found = found.filter(search_text__contains=word)
    return list(found.values_list("user_id", flat=True)[:MOST_PEOPLE])


@permission_required("mails.view_outbox")
def mail_list(request: HttpRequest) -> HttpResponse:
    """Mails, newest first: by state, kind, candidate, address, day, application."""
    filters = OutboxFilters(request.GET, user=request.user)
    found = filters.mails()
    numbers = numbers_by_status(found)
    status = _status(request.GET)
    shown = found.filter(status=status) if status else found
    page, older = newest_page(request.GET, shown)
    context = {
        "lines": _lines(page, request.user),
        "older": older,
        "filters": filters,
        "application": filters.about,
        "status": status,
        "everything": changed(request.GET, status="", before=""),
        "statuses": [
            (value, label, numbers[value], changed(request.GET, status=value, before=""))
            for value, label in MailStatus.choices
        ],
        "hidden": [(name, value) for name, value in request.GET.items() if name != "before"],
        "may_retry_all": numbers[MailStatus.FAILED] and request.user.has_perm("mails.retry"),
        "failed": numbers[MailStatus.FAILED],
        "navigation": "staff",
    }
    return render(request, "staff/outbox.html", context)


def _status(asked: QueryDict) -> str:
    status = asked.get("status", "")
    return status if status in MailStatus.values else ""


def _lines(mails: list[OutgoingMail], user: Any) -> list[tuple[OutgoingMail, str, Any]]:
    """Each mail with what it is and the application it is about, where that is in reach."""
    named = titles()
    about = {mail.about_id for mail in mails if mail.about_type == ABOUT}
    reached = Application.objects.with_offer().visible_to(user).in_bulk(about)
    return [
        (
            mail,
            named.get(mail.kind, mail.kind),
            reached.get(mail.about_id) if mail.about_type == ABOUT else None,
        )
        for mail in mails
    ]


@permission_required("mails.view_outbox")
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its reader sees it, and how it was tried; those that sign their reader in stay
    closed."""
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    ((_mail, title, application),) = _lines([mail], request.user)
    context = {
        "mail": mail,
        "title": title,
        "application": application,
        "tries": [(datetime.fromisoformat(at), said) for at, said in reversed(mail.tries)],
        "attachments": mail.attachments.select_related("file").order_by("pk"),
        "can_be_read": can_be_read(mail),
        "is_waiting": mail.status == MailStatus.QUEUED,
        "can_retry": not retry_blockers(mail) and request.user.has_perm("mails.retry", mail),
        "navigation": "staff",
    }
    return render(request, "staff/mail.html", context)


@require_POST
@permission_required("mails.view_outbox")
def retry_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed mail again."""
    seen = OutgoingMail.objects.visible_to(request.user)
    mail = get_object_or_404(resent_by(seen, request.user), pk=pk)
    try:
        retry(mail, by=request.user, now=timezone.now())
    except Refused as refusal:
        show_refusal(request, refusal)
    else:
        messages.success(request, _("The mail is queued again."))
    return redirect("staff:mail", pk)


@require_POST
@permission_required("mails.retry")
def retry_found(request: HttpRequest) -> HttpResponse:
    """Queue again all that failed of what a search finds, in one's reach."""
    found = OutboxFilters(request.POST, user=request.user).mails()
    number = retry_all(resent_by(found, request.user), by=request.user, now=timezone.now())
    if number:
        message = ngettext(
            "%(number)d mail is queued again.", "%(number)d mails are queued again.", number
        )
        messages.success(request, message % {"number": number})
    else:
        messages.info(request, _("Nothing of what was found can be sent again."))
    asked = request.POST.copy()
    asked.pop("csrfmiddlewaretoken", None)
    return redirect(f"{reverse('staff:outbox')}{changed(asked)}")
