"""« Boîte d'envoi »: what was sent, what waits, what failed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.core.blockers import Refused
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.institution.mails.domain.outbox import can_be_read, retry, retry_blockers
from candide.institution.mails.domain.queries import before, numbers_by_status, outbox
from candide.institution.mails.enums import MailStatus
from candide.institution.mails.models import OutgoingMail

PAGE = 50


@permission_required("mails.view_outbox")
def mail_list(request: HttpRequest) -> HttpResponse:
    """Mails, newest first, by state and address."""
    status = request.GET.get("status", "")
    status = status if status in MailStatus.values else ""
    address = request.GET.get("q", "").strip()
    oldest = whole_number(request.GET.get("before"))
    mails = list(before(outbox(status=status, address=address), oldest)[: PAGE + 1])
    numbers = numbers_by_status()
    context = {
        "mails": mails[:PAGE],
        "oldest": mails[PAGE - 1].pk if len(mails) > PAGE else None,
        "status": status,
        "statuses": [(value, label, numbers[value]) for value, label in MailStatus.choices],
        "q": address,
        "navigation": "staff",
    }
    return render(request, "staff/outbox.html", context)


@permission_required("mails.view_outbox")
def mail_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its reader sees it; those that sign their reader in stay closed."""
    mail = get_object_or_404(OutgoingMail, pk=pk)
    context = {
        "mail": mail,
        "attachments": mail.attachments.select_related("file").order_by("pk"),
        "can_be_read": can_be_read(mail),
        "can_retry": not retry_blockers(mail) and request.user.has_perm("mails.retry"),
        "navigation": "staff",
    }
    return render(request, "staff/mail.html", context)


@require_POST
@permission_required("mails.retry")
def retry_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed mail again."""
    mail = get_object_or_404(OutgoingMail, pk=pk)
    try:
        retry(mail, by=request.user, now=timezone.now())
    except Refused as refusal:
        for blocker in refusal.blockers:
            messages.error(request, blocker.message)
    else:
        messages.success(request, _("The mail is queued again."))
    return redirect("staff:mail", pk)
