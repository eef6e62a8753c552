"""The rows of the checklist: what candidates see of what an application asks, and staff before any
candidate does."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from candide.admissions.applications.domain.asked import (
    AskedQuestion,
    RequestedDocument,
    requested_documents,
)
from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import Application
from candide.core.blockers import Blocker
from candide.foundation.files.models import OriginalFile
from candide.institution.requirements.domain.answers import answer_in_words
from candide.web.shared.downloads import serve
from candide.web.shared.questions import QuestionForm


def document_of(
    application: Application, requirement: int, *, with_internal: bool = False
) -> RequestedDocument:
    """The document `requirement` asked of `application`, or 404."""
    for item in requested_documents(application, with_internal=with_internal):
        if item.requirement.pk == requirement:
            return item
    raise Http404


def template_of(request: HttpRequest, item: RequestedDocument) -> HttpResponseBase:
    """The template to fill in that stands beside a requirement [PJ-04]."""
    template = item.requirement.template_file
    if template is None:
        raise Http404
    return serve(request, template, as_attachment=True, filename=template.name)


class ChecklistPage(Protocol):
    """What the checklist needs to know of the page it stands on."""

    application: Application
    institution: Any
    is_paperless: bool


@dataclass
class DocumentRow:
    """A requested document as the checklist shows it. `area` is whose pages it leads to: the
    candidate's, or those on which staff act in their place."""

    item: RequestedDocument
    is_editable: bool
    takes_files: bool
    refused: list[Blocker] = field(default_factory=list)
    originals: list[OriginalFile] = field(default_factory=list)
    area: str = "candidate"

    @property
    def files_label(self) -> str:
        return _("Files for “%(document)s”") % {"document": self.item.requirement.label}

    @property
    def can_decline(self) -> bool:
        """« Non concerné par cette pièce » [PJ-18]."""
        return (
            self.is_editable
            and self.item.requirement.is_conditional
            and self.item.status in {ItemStatus.MISSING, ItemStatus.REFUSED}
            and not self.item.is_checked_on_paper
        )

    @property
    def can_remove(self) -> bool:
        item = self.item
        is_theirs = not (item.is_from_sis or item.is_checked_on_paper)
        return self.is_editable and item.submitted is not None and is_theirs


@dataclass
class QuestionRow:
    """A question as the page shows it, with its form while it may be answered."""

    item: AskedQuestion
    is_editable: bool
    form: QuestionForm | None
    area: str = "candidate"

    @property
    def shown(self) -> str:
        """The answer in words."""
        return answer_in_words(self.item.question, self.item.value)
