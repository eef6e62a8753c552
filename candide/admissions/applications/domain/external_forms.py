"""External forms (« formulaires »): the link a candidate follows, what comes back, reminding
[back-office 10, FORM].

A form is filled in elsewhere. Its link carries a return address that is signed for one form of one
application until a day. Whoever holds that address can say that the form was filled in, which is
what the candidate's browser does; answers are kept only when the other service also signs what it
sends with the secret of the form.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from candide.admissions.applications import mails
from candide.admissions.applications.domain.asked import RequestedForm, requested_forms
from candide.admissions.applications.domain.editing import editing_blockers, lock_candidate
from candide.admissions.applications.enums import ApplicationEvent, ItemStatus
from candide.admissions.applications.models import Application, FormAnswer
from candide.core.blockers import Blocker, refuse_if
from candide.core.clock import localdate
from candide.foundation.history.domain.log import log
from candide.institution.mails.rendering import escape_markdown
from candide.institution.requirements.models import ExternalForm

RETURN_DAYS = 180
SIGNED_FOR = timedelta(minutes=5)
MOST_ANSWERS, LONGEST = 300, 4000


# -- The link --------------------------------------------------------------------------------------


def link_of(item: RequestedForm, *, today: date) -> str:
    """Where the candidate fills the form in: its address with who it is about, and the way back
    [FORM-03]."""
    candidate = item.application.candidate
    back = f"{settings.BASE_URL}{reverse('public:form_return', args=[token_of(item, today=today)])}"
    values = {
        "numDossier": candidate.user.file_number or "",
        "numdossier": candidate.user.file_number or "",
        "idCandidature": str(item.application.pk),
        "nom": candidate.birth_name,
        "prenom": candidate.first_name,
        "retour": back,
    }
    address = str(item.form.url)
    has_way_back = "${retour}" in address
    for name, value in values.items():
        address = address.replace(f"${{{name}}}", quote(value, safe=""))
    if has_way_back:
        return address
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode({"retour": back})) if part)
    return urlunsplit(parts._replace(query=query))


def _signer(form: ExternalForm) -> Signer:
    """Another secret of the form makes every address worthless that was signed before."""
    return Signer(salt=f"candide.form-return.{form.secret}")


def token_of(item: RequestedForm, *, today: date) -> str:
    last = today + timedelta(days=RETURN_DAYS)
    return _signer(item.form).sign(f"{item.form.pk}-{item.application.pk}-{last:%Y%m%d}")


def item_of(token: str, *, today: date) -> RequestedForm | None:
    """What a return address is about; None for what we never signed, what is over, and what is
    asked no more."""
    numbers = token.partition(":")[0].split("-")
    if len(numbers) != 3 or not all(number.isdecimal() for number in numbers):
        return None
    form = ExternalForm.objects.filter(pk=int(numbers[0])).first()
    application = Application.objects.with_offer().filter(pk=int(numbers[1])).first()
    if form is None or application is None:
        return None
    try:
        _signer(form).unsign(token)
    except BadSignature:
        return None
    if numbers[2] < f"{today:%Y%m%d}":
        return None
    found = (item for item in requested_forms(application) if item.form.pk == form.pk)
    return next(found, None)


# -- What comes back -------------------------------------------------------------------------------


def signature_of(form: ExternalForm, body: bytes, *, at: int) -> str:
    """What the other service sends with `body`, at so many seconds since 1970."""
    text = f"{at}.".encode() + body
    return hmac.new(form.secret.encode(), text, hashlib.sha256).hexdigest()


def is_signed(form: ExternalForm, body: bytes, header: str, *, now: datetime) -> bool:
    """Whether `header` (« t=…,v1=… ») signs `body`, not long ago."""
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    at = parts.get("t", "")
    if not at.isdecimal() or abs(now.timestamp() - int(at)) > SIGNED_FOR.total_seconds():
        return False
    return hmac.compare_digest(signature_of(form, body, at=int(at)), parts.get("v1", ""))


def returning_blockers(application: Application) -> list[Blocker]:
    """Why nothing more comes back to `application`."""
    if application.is_cancelled:
        return [Blocker("cancelled", _("This application was cancelled."))]
    if application.archived_at is not None:
        return [Blocker("archived", _("The application is archived."))]
    return []


@transaction.atomic
def keep_answers(
    item: RequestedForm, answers: Iterable[tuple[str, str]], *, reference: str, now: datetime
) -> bool:
    """Keep what was answered. What comes twice under one reference is kept once; anything newer
    takes its place [FORM-05]. Whether anything was kept."""
    lock_candidate(item.application.candidate_id)
    refuse_if(returning_blockers(Application.objects.locked(item.application.pk)))
    row = _row(item)
    if row.pk and reference and row.reference == reference:
        return False
    kept = [
        {"question": str(question)[:LONGEST], "answer": str(answer)[:LONGEST]}
        for question, answer in answers
        if question != "seed"
    ]
    row.answers, row.reference = kept[:MOST_ANSWERS], reference[:100]
    _keep(row, ItemStatus.SUBMITTED, is_declared=False, now=now)
    log(item.application, ApplicationEvent.FORM_ANSWERED, form=item.form.pk)
    return True


@transaction.atomic
def declare_filled_in(item: RequestedForm, *, now: datetime) -> bool:
    """The candidate came back from the form. Answers that are there stay."""
    lock_candidate(item.application.candidate_id)
    refuse_if(returning_blockers(Application.objects.locked(item.application.pk)))
    row = _row(item)
    if row.pk and row.status != ItemStatus.NOT_APPLICABLE:
        return False
    _keep(row, ItemStatus.SUBMITTED, is_declared=True, now=now)
    by = item.application.candidate.user
    log(item.application, ApplicationEvent.FORM_ANSWERED, by=by, form=item.form.pk)
    return True


def _row(item: RequestedForm) -> FormAnswer:
    row = FormAnswer.objects.filter(application=item.application, form=item.form).first()
    return row or FormAnswer(application=item.application, form=item.form)


def _keep(row: FormAnswer, status: str, *, is_declared: bool, now: datetime) -> None:
    row.status, row.is_declared, row.received_at = status, is_declared, now
    row.save()


# -- Not concerned ---------------------------------------------------------------------------------


def declining_blockers(item: RequestedForm, *, today: date) -> list[Blocker]:
    """Why the candidate may not declare not to be concerned, or to be so again [FORM-06]."""
    blockers = editing_blockers(item.application, today=today)
    if not item.form.is_conditional:
        blockers.append(Blocker("not_conditional", _("Everybody is concerned by this form.")))
    if item.status == ItemStatus.SUBMITTED:
        blockers.append(Blocker("answered", _("This form was filled in.")))
    return blockers


@transaction.atomic
def declare_form_not_concerned(
    item: RequestedForm, *, is_concerned: bool, by: Any, now: datetime
) -> None:
    """« Non concerné par ce formulaire », or concerned again."""
    lock_candidate(item.application.candidate_id)
    application = Application.objects.with_offer().get(pk=item.application.pk)
    current = next(one for one in requested_forms(application) if one.form.pk == item.form.pk)
    refuse_if(declining_blockers(current, today=localdate(now)))
    if is_concerned:
        FormAnswer.objects.filter(application=application, form=item.form).delete()
        event = ApplicationEvent.CONCERNED
    else:
        _keep(_row(current), ItemStatus.NOT_APPLICABLE, is_declared=True, now=now)
        event = ApplicationEvent.NOT_CONCERNED
    log(application, event, by=by, form=item.form.pk)


# -- Reminding -------------------------------------------------------------------------------------


def open_forms(items: Iterable[RequestedForm]) -> list[RequestedForm]:
    """Those still to be filled in."""
    return [item for item in items if item.status == ItemStatus.MISSING]


def reminding_blockers(application: Application, items: Sequence[RequestedForm]) -> list[Blocker]:
    """Why the candidate is not reminded of forms."""
    blockers = returning_blockers(application)
    if not open_forms(items):
        blockers.append(Blocker("nothing_open", _("No form is still to be filled in.")))
    return blockers


@transaction.atomic
def remind_of_forms(application: Application, *, by: Any, now: datetime) -> int:
    """Write to the candidate which forms are still to be filled in, and where [FORM-07]; how many
    there are."""
    application = Application.objects.with_offer().locked(application.pk)
    items = requested_forms(application)
    refuse_if(reminding_blockers(application, items))
    waiting, today = open_forms(items), localdate(now)
    with translation.override(application.candidate.user.language):
        named = [(str(item.form.label), link_of(item, today=today)) for item in waiting]
    lines = [f"- {escape_markdown(label)} : {escape_markdown(link)}" for label, link in named]
    mails.FormsReminder(application, forms=lines).send()
    log(application, ApplicationEvent.FORMS_REMINDED, by=by)
    return len(waiting)
