"""« Mon espace »: what remains to do, my applications, the state of my file [UI-03 REC]."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from candide.admissions.applications.domain.todo import (
    Task,
    next_deadline,
    things_to_do,
    with_campaigns,
)
from candide.admissions.applications.domain.track import Step, track
from candide.admissions.applications.models import Application
from candide.admissions.candidates.domain.completeness import (
    SectionStatus,
    progress,
    section_statuses,
)
from candide.admissions.correspondence.domain.thread import messages_to_read, with_unread
from candide.core.clock import localdate
from candide.core.views import permission_required
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution
from candide.institution.pages.domain.notices import notice_for
from candide.institution.pages.domain.rich_text import rich_text
from candide.institution.pages.models import Notice
from candide.web.candidate.applying import wanted_intake
from candide.web.candidate.links import section_link


@dataclass(frozen=True)
class Card:
    """An application as the space shows it. `main` is the most urgent thing to do in it."""

    application: Application
    steps: list[Step]
    deadline: date | None
    main: Task | None


@require_safe
@permission_required("candidate.enter")
def space(request: HttpRequest) -> HttpResponse:
    today, institution = localdate(timezone.now()), Institution.current()
    applications = list(with_unread(own_applications(request).live()))
    statuses = section_statuses(request.user, institution=institution)
    done, mandatory = progress(statuses)
    tasks = things_to_do(
        request.user,
        applications,
        today=today,
        institution=institution,
        is_file_complete=done == mandatory,
        wanted=wanted_intake(request, applications),
    )
    tasks = with_campaigns([*messages_to_read(applications), *tasks], applications)
    cards = [_card(each, tasks, institution, today) for each in applications]
    context = {
        "notice": rich_text(notice_for(Notice.Place.SPACE, today=today)),
        "institution": institution,
        "tasks": tasks,
        "cards": sorted(cards, key=_urgency),
        "sections": [
            (status.title, section_link(status.section), _state(status)) for status in statuses
        ],
        "is_file_complete": done == mandatory,
    }
    return render(request, "candidate/space/space.html", context)


def own_applications(request: HttpRequest):
    """Those of the person in campaigns that are not archived, the newest first."""
    return every_application(request).filter(archived_at=None)


def every_application(request: HttpRequest):
    """With those of archived campaigns."""
    mine = Application.objects.visible_to(request.user)
    return mine.as_shown().order_by("-created_at", "-pk")


def _state(status: SectionStatus) -> str:
    """How `{% step %}` shows a part of the file."""
    if status.is_done:
        return "complete"
    return "mandatory" if status.is_mandatory else "optional"


def _urgency(card: Card) -> tuple[bool, date]:
    """What waits for the person first, by deadline; the rest stays as it is, newest first."""
    return card.main is None, (card.main and card.main.due_on) or date.max


def _card(
    application: Application, tasks: list[Task], institution: Institution, today: date
) -> Card:
    mine = [task for task in tasks if task.about.split("/")[0] == f"application:{application.pk}"]
    mine.sort(key=lambda task: task.code == "message")
    return Card(
        application,
        track(application, is_paperless=is_paperless(application.intake, institution), today=today),
        next_deadline(application),
        mine[0] if mine else None,
    )
