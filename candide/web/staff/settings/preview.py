"""What an intake asks, as its candidates will see it: the same checklist, of no use."""

from dataclasses import dataclass, field, replace

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from candide.admissions.applications.domain.asked import first_seen
from candide.admissions.applications.models import Application
from candide.core.views import permission_required
from candide.institution.catalogue.domain.procedure import is_paperless
from candide.institution.catalogue.models import Institution, Intake, Programme
from candide.institution.requirements.rules import programmes_in_reach
from candide.web.shared.checklist import DocumentRow, QuestionRow
from candide.web.shared.questions import QuestionForm
from candide.web.staff.settings.requirements import condition_in_words


@dataclass
class PreviewPage:
    """As the page of an application that was just made: everything is still to be given."""

    application: Application
    institution: Institution
    documents: list[DocumentRow] = field(default_factory=list)
    questions: list[QuestionRow] = field(default_factory=list)
    waiting: list[tuple[str, QuestionRow]] = field(default_factory=list)
    waits_for_dossier: bool = True
    is_incomplete: bool = False
    is_late: bool = False

    @property
    def is_paperless(self) -> bool:
        return is_paperless(self.application.intake, self.institution)

    @property
    def is_open_to_changes(self) -> bool:
        return self.is_paperless


@permission_required("requirements.view")
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist and the questions of an intake; those another answer would have asked come
    after the others, with that answer."""
    programmes = programmes_in_reach(request.user)
    intake = get_object_or_404(Intake.objects.with_offer(), programme__in=programmes, pk=pk)
    context = {
        "page": preview_of(intake),
        "intake": intake,
        "programme": intake.programme,
        "is_preview": True,
        "navigation": "staff",
    }
    return render(request, "staff/settings/preview.html", context)


def preview_of(intake: Intake) -> PreviewPage:
    documents, questions = first_seen(intake)
    page = PreviewPage(Application(intake=intake), Institution.current())
    takes_files = page.is_paperless and not page.institution.is_upload_closed
    page.documents = [DocumentRow(item, True, takes_files) for item in documents]
    by_key = {item.question.pk: item.question for item in questions}
    for item in questions:
        shown = replace(item, is_due=True)
        row = QuestionRow(shown, True, QuestionForm(item=shown))
        if item.is_due:
            page.questions.append(row)
        else:
            item.question.depends_on = by_key[item.question.depends_on_id or 0]
            page.waiting.append((condition_in_words(item.question), row))
    return page


def intakes_of(programme: Programme) -> QuerySet[Intake]:
    """The intakes of `programme` that may be previewed, the newest first."""
    rows = Intake.objects.filter(programme=programme, campaign__archived_at=None)
    return rows.select_related("campaign").order_by("-campaign__starts_on")
