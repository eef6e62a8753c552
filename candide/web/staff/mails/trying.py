"""Trying a text before it is saved: what it looks like on a real application or with samples, and
as a mail to oneself."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from candide.admissions.applications.application_mail import ApplicationMail
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker, Refused
from candide.core.clock import localdate
from candide.core.text import whole_number
from candide.institution.mails.domain.testing import send_test
from candide.institution.mails.domain.texts import Preview, preview
from candide.institution.mails.kinds import Mail, Placeholder
from candide.web.staff.grid.filters import CONDITIONS
from candide.web.staff.mails.forms import MailTextForm

SHOWN = 10
PREVIEW, TEST = "preview", "test"


@dataclass
class Trial:
    """What was asked for with the buttons beside the text, and what came of it."""

    takes_application: bool = False
    searched: str = ""
    found: list[Application] = field(default_factory=list)
    chosen: Application | None = None
    previews: list[Preview] = field(default_factory=list)
    sent_to: str = ""
    blockers: list[Blocker] = field(default_factory=list)

    @property
    def was_asked(self) -> bool:
        return bool(self.previews or self.blockers)

    @property
    def made_up(self) -> list[str]:
        """The variables that show a sample though an application was chosen."""
        return sorted({name for each in self.previews for name in each.made_up})


def is_trial(request: HttpRequest) -> bool:
    """Whether the form was sent to be looked at, not to be saved."""
    return request.method == "POST" and request.POST.get("do") in {PREVIEW, TEST}


def trial_of(request: HttpRequest, form: MailTextForm) -> Trial:
    """What the buttons ask for; a page only shown asks for nothing."""
    kind = form.kind_of_it()
    trial = Trial(takes_application=kind is not None and issubclass(kind, ApplicationMail))
    if not is_trial(request) or kind is None:
        return trial
    if trial.takes_application:
        _choose(trial, request)
    texts = form.texts()
    if trial.searched and trial.chosen is None:
        message = _("No application in your reach is found by “%(words)s”.")
        trial.blockers.append(Blocker("not_found", message % {"words": trial.searched}))
    elif not texts:
        message = _("Write a subject and a text, or save to go back to the first one.")
        trial.blockers.append(Blocker("nothing_written", message))
    else:
        trial.previews = [preview(kind, text, about=trial.chosen) for text in texts]
        if request.POST["do"] == TEST:
            _send(trial, request.user)
    return trial


def _send(trial: Trial, user: Any) -> None:
    try:
        send_test(trial.previews, to=user, now=timezone.now())
    except Refused as refusal:
        trial.blockers = refusal.blockers
    else:
        trial.sent_to = user.email


def _choose(trial: Trial, request: HttpRequest) -> None:
    """The applications the words find in somebody's reach, and the one chosen among them."""
    trial.searched = request.POST.get("about", "").strip()[:80]
    if not trial.searched:
        return
    found = Application.objects.with_offer().visible_to(request.user)
    condition = CONDITIONS["q"](trial.searched, localdate(timezone.now()))
    trial.found = list(found.filter(condition).order_by("-pk")[:SHOWN])
    wanted = whole_number(request.POST.get("application"))
    chosen = [application for application in trial.found if application.pk == wanted]
    trial.chosen = next(iter([*chosen, *trial.found]), None)


def placeholders_of(kind: type[Mail] | None) -> list[Placeholder]:
    """The variables a text may use, in the order in which they are offered."""
    return list(kind.all_placeholders()) if kind is not None else []
