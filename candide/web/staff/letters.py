"""« La lettre »: the one that stands, those it replaced; making it, withdrawing it by hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.letter_rendering import shown_code
from candide.admissions.decisions.domain.letter_templates import LetterTemplates
from candide.admissions.decisions.domain.letters import (
    letter_mark,
    make_letter,
    making_letter_blockers,
    withdraw_letter,
    withdrawing_letter_blockers,
)
from candide.admissions.decisions.models import Decision, Letter
from candide.core.blockers import Blocker, Refused
from candide.core.views import for_object


@for_object(Application, "decisions.read_letter")
def letter_page(request: HttpRequest, application: Application) -> HttpResponse:
    return _show(request, application)


@require_POST
@for_object(Application, "decisions.make_letter")
def make(request: HttpRequest, application: Application) -> HttpResponse:
    """Make the letter, or make it anew if it would say something else."""
    return _done(request, application, make_letter, _("The letter is made."))


@require_POST
@for_object(Application, "decisions.make_letter")
def withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Take it back."""
    return _done(request, application, withdraw_letter, _("The letter is withdrawn."))


def _done(
    request: HttpRequest, application: Application, act: Callable[..., object], said: str
) -> HttpResponse:
    decision = _decision(application)
    try:
        if decision is None:
            raise Refused(making_letter_blockers(None))
        act(decision, by=request.user, now=timezone.now())
    except Refused as refusal:
        return _show(request, application, blockers=refusal.blockers)
    messages.success(request, said)
    return redirect("staff:letter_page", application.pk)


def _decision(application: Application) -> Decision | None:
    decision = released_decision(application)
    if decision is not None:
        decision.application = application
    return decision


def _show(
    request: HttpRequest, application: Application, *, blockers: list[Blocker] | None = None
) -> HttpResponse:
    decision = _decision(application)
    letter: Letter | None = getattr(decision, "letter", None)
    making = making_letter_blockers(decision)
    may_make = request.user.has_perm("decisions.make_letter", application)
    is_changed = False
    if decision is not None and letter is not None and not making:
        language = application.candidate.user.language
        templates = LetterTemplates()
        now = timezone.now()
        mark = letter_mark(decision, language=language, now=now, templates=templates)
        is_changed = mark != letter.mark
    is_standing = letter is not None and letter.withdrawn_at is None
    context: dict[str, Any] = {
        "application": application,
        "letter": letter,
        "code": shown_code(letter.code or "") if letter else "",
        "replaced": decision.replaced_letters.order_by("-replaced_at") if decision else [],
        "blockers": blockers or [],
        "reasons": making if letter is None else [],
        "is_changed": is_changed,
        "may_make": may_make and not making and (not is_standing or is_changed),
        "may_withdraw": may_make and not withdrawing_letter_blockers(letter),
        "navigation": "staff",
    }
    status = 409 if blockers else 200
    return render(request, "staff/application/letter.html", context, status=status)
