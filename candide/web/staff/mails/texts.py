"""« Mails » : what each kind of mail says, for the institution and in the words of a centre."""

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, Refused
from candide.core.text import fold, whole_number
from candide.core.views import permission_required
from candide.institution.access.enums import Capability
from candide.institution.access.scope import reach_of
from candide.institution.catalogue.models import ApplicationCentre
from candide.institution.mails.domain.texts import (
    Overview,
    current_words,
    overview,
    reset_text,
    save_text,
    says_something,
    stored_text,
)
from candide.institution.mails.kinds import Mail, find_kind
from candide.institution.mails.models import MailTemplate
from candide.web.staff.mails.forms import MailTextForm, words
from candide.web.staff.mails.history import text_history
from candide.web.staff.mails.trying import is_trial, placeholders_of, trial_of
from candide.web.staff.settings.forms import in_reach, warnings_mark

# By the room whose mails they are; others come under their own name.
ROOMS = {
    "accounts": gettext_lazy("Accounts"),
    "candidates": gettext_lazy("The candidate’s file"),
    "applications": gettext_lazy("Applications and dossiers"),
    "decisions": gettext_lazy("Decisions and answers"),
}


def room_of(kind: type[Mail]) -> str:
    """The room a kind belongs to, in words."""
    config = apps.get_containing_app_config(kind.__module__)
    if config is None:
        return ""
    return str(ROOMS.get(config.label, config.verbose_name))


def centres_of(user: Any) -> list[ApplicationCentre]:
    """The centres whose words somebody may look at."""
    reach = reach_of(user, Capability.MANAGE_TEXTS)
    rows = ApplicationCentre.objects.filter(is_active=True)
    return list(in_reach(rows, reach, centre="pk").order_by("code"))


@permission_required("mails.view_texts")
def text_list(request: HttpRequest) -> HttpResponse:
    """Every kind of mail by room, for the institution or for a centre."""
    centres = centres_of(request.user)
    wanted = whole_number(request.GET.get("centre"))
    centre = next((each for each in centres if each.pk == wanted), None)
    searched = request.GET.get("q", "").strip()
    rooms: dict[str, list[Overview]] = {}
    for each in overview(centre):
        if centre is not None and not each.kind.is_of_centre:
            continue
        if _contains(each.kind, searched):
            rooms.setdefault(room_of(each.kind), []).append(each)
    context = {
        "rooms": sorted(rooms.items(), key=lambda room: _place(room[0])),
        "centres": centres,
        "centre": centre,
        "searched": searched,
        "navigation": "staff",
    }
    return render(request, "staff/mails/texts.html", context)


def _place(room: str) -> int:
    order = [str(title) for title in ROOMS.values()]
    return order.index(room) if room in order else len(order)


def _contains(kind: type[Mail], searched: str) -> bool:
    text = fold(f"{kind.title} {kind.code} {kind.formerly} {kind.audience.label}")
    return all(word in text for word in fold(searched).split())


@permission_required("mails.view_texts")
def text_page(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """One text: to be changed, tried, and read where it may not be changed."""
    kind, centre, row = _asked(request, code, pk)
    may_change = request.user.has_perm("mails.manage_text", row)
    form = _form(request, kind, row)
    blockers: list[Blocker] = []
    if request.method == "POST" and not is_trial(request):
        if not may_change:
            raise PermissionDenied
        blockers = _save(form, kind, centre, by=request.user)
        if not blockers and form.is_valid() and form.is_confirmed():
            messages.success(request, _("Saved."))
            return redirect(address_of(kind, centre))
    return _show(request, form, kind, centre, blockers=blockers, may_change=may_change)


def _asked(
    request: HttpRequest, code: str, pk: int | None
) -> tuple[type[Mail], ApplicationCentre | None, MailTemplate]:
    """The kind, the centre, and the row, a new one where nobody ever wrote any; 404 for what is
    not there or not in reach."""
    try:
        kind = find_kind(code)
    except KeyError:
        raise Http404 from None
    centre = None
    if pk is not None:
        centre = next((each for each in centres_of(request.user) if each.pk == pk), None)
        if centre is None or not kind.is_of_centre:
            raise Http404
    row = stored_text(kind, centre) or MailTemplate(kind=kind.code, centre=centre)
    return kind, centre, row


def _form(request: HttpRequest, kind: type[Mail], row: MailTemplate) -> MailTextForm:
    """The form, filled with what is said now."""
    said = current_words(kind, row.centre)
    form = MailTextForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        kind=kind,
        reach=reach_of(request.user, Capability.MANAGE_TEXTS, write=True),
        initial={
            "subject": LazyI18nString({name: text.subject for name, text in said.items()}),
            "body": LazyI18nString({name: text.body for name, text in said.items()}),
        },
    )
    if not request.user.has_perm("mails.manage_text", row):
        for field in form.fields.values():
            field.disabled = True
    return form


def _save(form: MailTextForm, kind: type[Mail], centre: Any, *, by: Any) -> list[Blocker]:
    """Save what was typed if it is right and its warnings are confirmed; what the domain refuses.
    Where somebody changed the text meanwhile, saving again puts what was typed in its place."""
    if form.is_stale():
        form.data = form.data.copy()
        form.data["seen"] = form.initial["seen"]
        message = _("Somebody changed this meanwhile: see the history below. Save again to insist.")
        return [Blocker("changed_meanwhile", message)]
    if not form.is_valid() or not form.is_confirmed():
        return []
    values = form.cleaned_data
    try:
        save_text(
            kind=kind,
            centre=centre,
            subject=words(values["subject"]),
            body=words(values["body"]),
            is_enabled=values["is_enabled"],
            by=by,
            now=timezone.now(),
            version=form.instance.version if form.instance.pk else None,
        )
    except Refused as refusal:
        return refusal.blockers
    return []


def _show(
    request: HttpRequest,
    form: MailTextForm,
    kind: type[Mail],
    centre: Any,
    *,
    blockers: list[Blocker],
    may_change: bool,
) -> HttpResponse:
    row, saving = form.instance, request.method == "POST" and not is_trial(request)
    warnings = form.warnings() if not saving or form.is_valid() else []
    stored = MailTemplate.objects.filter(pk=row.pk).first() if row.pk else None
    context = {
        "form": form,
        "kind": kind,
        "centre": centre,
        "centres": centres_of(request.user) if kind.is_of_centre else [],
        "blockers": blockers,
        "warnings": warnings,
        "warnings_mark": warnings_mark(warnings) if saving else "",
        "may_change": may_change,
        "is_own": stored is not None and says_something(stored),
        "trial": trial_of(request, form),
        "placeholders": placeholders_of(kind),
        "history": text_history(stored) if stored else [],
        "address": address_of(kind, centre),
        "navigation": "staff",
    }
    status = 200 if not saving else 409 if blockers or not form.errors else 422
    return render(request, "staff/mails/text.html", context, status=status)


@require_POST
@permission_required("mails.view_texts")
def text_reset(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    """« Revenir au texte d'origine »."""
    kind, centre, row = _asked(request, code, pk)
    if not request.user.has_perm("mails.manage_text", row):
        raise PermissionDenied
    if row.pk:
        reset_text(row, by=request.user, now=timezone.now())
    messages.success(request, _("The first text is used again."))
    return redirect(address_of(kind, centre))


def address_of(kind: type[Mail], centre: ApplicationCentre | None) -> str:
    """The page of a text."""
    if centre is None:
        return reverse("staff:mail_text", args=[kind.code])
    return reverse("staff:mail_text_of_centre", args=[kind.code, centre.pk])
