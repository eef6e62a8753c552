"""The screens of what is asked: documents and questions, with the programmes each is linked to."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from candide.core.blockers import Blocker, Refused
from candide.core.text import fold
from candide.core.views import permission_required
from candide.foundation.files.domain.checks import Limits
from candide.institution.access.enums import Capability
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution, Programme
from candide.institution.pages.domain.wording import label_of
from candide.institution.requirements.domain.answers import answer_in_words
from candide.institution.requirements.domain.asking import (
    linked_programmes,
    may_be_linked_to,
    with_programme_count,
)
from candide.institution.requirements.domain.linking import LinkChange, change_links
from candide.institution.requirements.domain.template_files import TEMPLATE_KINDS, put_template
from candide.institution.requirements.models import Asked, DocumentRequirement, Question
from candide.institution.requirements.rules import programmes_in_reach
from candide.web.shared.downloads import serve
from candide.web.staff.settings.columns import CODE, IN_SERVICE, LABEL
from candide.web.staff.settings.crud import Column, Crud
from candide.web.staff.settings.requirement_forms import (
    DocumentRequirementForm,
    QuestionSettingForm,
    TemplateFileForm,
)
from candide.web.staff.settings.row_files import FileCrud

SHOWN_PROGRAMMES = 200
MEGABYTE = 1024 * 1024


def origin_in_words(asked: Asked) -> str:
    """Where it comes from that it is asked."""
    if not asked.is_common:
        return _("Programmes it is linked to")
    if asked.centre is None:
        return _("Every programme of the institution")
    return _("Every programme of %(centre)s") % {"centre": asked.centre}


def marks_of(asked: Asked) -> str:
    """How it is asked, in words."""
    marks = [
        _("given once for all applications") if asked.is_shared else "",
        _("conditional") if asked.is_conditional else "",
        label_of(AdmissionRoute(asked.route)) if asked.route else "",
        condition_in_words(asked),
    ]
    return ", ".join(str(mark) for mark in marks if mark) or "–"


def condition_in_words(asked: Asked) -> str:
    """After which answer a question is asked."""
    above = asked.depends_on if isinstance(asked, Question) else None
    if above is None:
        return ""
    answer = answer_in_words(above, asked.depends_on_value)  # type: ignore[attr-defined]
    return _("only if “%(question)s”: %(answer)s") % {"question": above.label, "answer": answer}


COLUMNS = (
    LABEL,
    CODE,
    Column(gettext_lazy("Order"), lambda row: "–" if row.position is None else row.position),
    Column(gettext_lazy("Asked by"), origin_in_words),
    Column(gettext_lazy("Programmes in service"), "programme_count"),
    Column(gettext_lazy("How"), marks_of),
)


@dataclass(frozen=True)
class AskedCrud(Crud):
    """A screen of documents or of questions: beside the row, the programmes it is linked to."""

    row_template: str = "staff/settings/asked_row.html"

    def urls(self) -> list[URLPattern]:
        may_view = permission_required(self.view)
        at = f"parametrage/{self.slug}/<int:pk>/"
        page = may_view(self.programmes_page)
        return [*super().urls(), path(f"{at}formations/", page, name=f"{self.name}_programmes")]

    def programmes_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Adding and removing links to the programmes in somebody's reach; no other changes."""
        row = self._row(request, pk)
        programmes = programmes_in_reach(request.user, write=True)
        blockers: list[Blocker] = []
        if request.method == "POST":
            change = LinkChange(
                row,
                add=chosen(request, "add", programmes),
                remove=chosen(request, "remove", programmes),
            )
            try:
                changed = change_links([change], by=request.user)
            except Refused as refusal:
                blockers = refusal.blockers
            else:
                messages.success(request, _("Saved.") if changed else _("Nothing to change."))
                return redirect(self.url("programmes", pk))
        searched = request.GET.get("q", "").strip()
        linked = linked_programmes(row)
        possible = may_be_linked_to(row, programmes).exclude(pk__in=linked.values("pk"))
        context = {
            "row": row,
            "row_url": self.url("row", pk),
            "blockers": blockers,
            "searched": searched,
            "origin": origin_in_words(row),
            "may_add": not row.is_common and row.is_active,
            "linked": found(linked.filter(pk__in=programmes.values("pk")), searched),
            "elsewhere": linked.exclude(pk__in=programmes.values("pk")).count(),
            "possible": found(possible, searched)[:SHOWN_PROGRAMMES],
            "hidden": max(0, found(possible, searched).count() - SHOWN_PROGRAMMES),
        }
        template = "staff/settings/asked_programmes.html"
        return self._render(request, template, context, status=409 if blockers else 200)

    def deletion_warnings(self, row: Any) -> list[Blocker]:
        if row.is_common and row.is_active:
            message = ngettext(
                "It is common: %(number)d programme will no longer ask for it.",
                "It is common: %(number)d programmes will no longer ask for it.",
                row.programme_count,
            )
            return [Blocker("common", message % {"number": row.programme_count})]
        if number := row.programmes.count():
            message = ngettext(
                "%(number)d programme it is linked to will no longer ask for it.",
                "%(number)d programmes it is linked to will no longer ask for it.",
                number,
            )
            return [Blocker("linked", message % {"number": number})]
        return []

    def _rows(self, request: HttpRequest) -> Any:
        return with_programme_count(super()._rows(request))

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What stands beside the form of a row."""
        if row.pk is None:
            return {}
        programmes = programmes_in_reach(request.user)
        linked = linked_programmes(row)
        return {
            "origin": origin_in_words(row),
            "programme_count": row.programme_count,
            "linked": found(linked.filter(pk__in=programmes.values("pk")), ""),
            "elsewhere": linked.exclude(pk__in=programmes.values("pk")).count(),
            "programmes_url": self.url("programmes", row.pk),
            "template_form": None,
            "template_url": "",
        }


@dataclass(frozen=True)
class DocumentCrud(AskedCrud, FileCrud):
    """The screen of documents, whose rows may have a template to fill in."""

    def urls(self) -> list[URLPattern]:
        return [
            *super().urls(),
            *self._file_urls(
                f"parametrage/{self.slug}/<int:pk>/modele",
                f"{self.name}_template",
                show=self.template_file,
                put=self.put_template,
                remove=self.remove_template,
            ),
        ]

    def template_file(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The template, to be saved."""
        template = self._row(request, pk).template_file
        if template is None:
            raise Http404
        return serve(request, template, as_attachment=True, filename=template.name)

    def put_template(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Check and keep what was sent, in place of the template there is."""
        row = self._own(request, pk)
        return self._given(
            request,
            row,
            TemplateFileForm(request.POST, request.FILES),
            limits=template_limits(),
            keep=lambda file: put_template(row, file, by=request.user),
            said=_("The template was saved."),
            place="template",
            tells_changes=True,
        )

    def remove_template(self, request: HttpRequest, pk: int) -> HttpResponse:
        put_template(self._own(request, pk), None, by=request.user)
        messages.success(request, _("The template was removed."))
        return redirect(f"{self.url('row', pk)}#template")

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if row.pk is None:
            return {}
        return super().row_context(request, row) | {
            "template_form": TemplateFileForm(),
            "template_url": self.url("template", row.pk),
            "template_put_url": self.url("template_put", row.pk),
            "template_remove_url": self.url("template_remove", row.pk),
        }


def template_limits() -> Limits:
    institution = Institution.current()
    return Limits(
        max_file_bytes=institution.max_file_mb * MEGABYTE,
        max_document_bytes=institution.max_document_mb * MEGABYTE,
        max_pages=institution.max_document_pages,
        max_files=1,
        kinds=TEMPLATE_KINDS,
    )


def chosen(request: HttpRequest, name: str, programmes: QuerySet[Programme]) -> list[Programme]:
    """The programmes sent as `name`, all of which must be among `programmes`."""
    keys = {int(key) for key in request.POST.getlist(name) if key.isdecimal()}
    rows = list(programmes.filter(pk__in=keys))
    if len(rows) != len(keys):
        raise Http404
    return rows


def found(programmes: QuerySet[Programme], searched: str) -> QuerySet[Programme]:
    """Those with every word searched, by centre and code."""
    for word in fold(searched).split():
        programmes = programmes.filter(search_text__contains=word)
    return programmes.order_by("commission__centre__code", "code")


ORDER = (F("position").asc(nulls_last=True), "code")
DOCUMENTS = DocumentCrud(
    slug="pieces",
    title=gettext_lazy("Requested documents"),
    new=gettext_lazy("New document"),
    help=gettext_lazy("What candidates give with an application, and which programmes ask for it."),
    model=DocumentRequirement,
    form=DocumentRequirementForm,
    capability=Capability.MANAGE_REQUIREMENTS,
    view="requirements.view",
    manage="requirements.manage",
    columns=(
        *COLUMNS,
        Column(gettext_lazy("Template"), lambda row: row.template_file_id is not None),
        IN_SERVICE,
    ),
    order=ORDER,
    joined=("centre", "template_file"),
)
QUESTIONS = AskedCrud(
    slug="questions",
    title=gettext_lazy("Further questions"),
    new=gettext_lazy("New question"),
    help=gettext_lazy("What candidates are asked with an application, and by which programmes."),
    model=Question,
    form=QuestionSettingForm,
    capability=Capability.MANAGE_REQUIREMENTS,
    view="requirements.view",
    manage="requirements.manage",
    columns=(
        *COLUMNS,
        Column(gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        IN_SERVICE,
    ),
    order=ORDER,
    joined=("centre", "depends_on"),
)
