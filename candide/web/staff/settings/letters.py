"""The screen of templates of letters: text or Word, with a preview, a copy, a list of variables."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.letter_preview import preview_letter
from candide.admissions.decisions.domain.letter_rendering import LetterFailed
from candide.admissions.decisions.domain.letter_values import fields_of
from candide.admissions.decisions.domain.word_templates import (
    LIMITS,
    office_warnings,
    put_word_template,
    word_templates_of,
)
from candide.admissions.decisions.enums import LetterEvent, LetterKind, LetterSource
from candide.admissions.decisions.models import LetterTemplate
from candide.core.text import whole_number
from candide.core.views import permission_required
from candide.foundation.history.domain.log import entries_about
from candide.institution.access.enums import Capability
from candide.web.shared.downloads import serve
from candide.web.staff.settings.columns import IN_SERVICE, LABEL, OWNER
from candide.web.staff.settings.crud import SHOWN_HISTORY, Column
from candide.web.staff.settings.history import Entry, row_sentences
from candide.web.staff.settings.letter_forms import (
    LetterPreviewForm,
    LetterTemplateForm,
    WordTemplateForm,
)
from candide.web.staff.settings.row_files import FileCrud


def whom_in_words(row: LetterTemplate) -> str:
    """Which programmes it is for, within its centre."""
    narrowed = [str(each) for each in (row.diploma_type, row.programme_kind) if each]
    return ", ".join(narrowed) or _("Every programme")


@dataclass(frozen=True)
class LetterCrud(FileCrud):
    """A screen of templates: beside the row, its preview, its Word documents, its variables."""

    row_template: str = "staff/settings/letter_row.html"

    def urls(self) -> list[URLPattern]:
        at = f"parametrage/{self.slug}/<int:pk>/"
        preview = permission_required(self.view)(self.preview_page)
        return [
            *super().urls(),
            path(f"{at}apercu.pdf", preview, name=f"{self.name}_preview"),
            *self._file_urls(
                f"{at}word/<slug:language>",
                f"{self.name}_word",
                show=self.word_file,
                put=self.put_word,
                remove=self.remove_word,
            ),
        ]

    def new_row(self, request: HttpRequest) -> LetterTemplate:
        """What a new page begins with: nothing, or a copy of another template."""
        key = whole_number(request.GET.get("copie", ""))
        source = self._rows(request).filter(pk=key).first() if key else None
        if source is None:
            return LetterTemplate()
        row = copy(source)
        row.pk, row.is_active = None, False
        row._state.adding = True
        row.name = _("%(name)s (copy)") % {"name": source.name}
        return row

    def preview_page(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The letter as a PDF, for nobody or for an application in reach."""
        row = self._row(request, pk)
        form = LetterPreviewForm(request.GET)

        def make() -> bytes:
            if not form.is_valid():
                raise LetterFailed(_("Choose a language, and a number of an application or none."))
            return preview_letter(
                row,
                language=form.cleaned_data["language"],
                now=timezone.now(),
                application=_reached(request, form.cleaned_data["application"]),
            )

        return self._letter(request, row, make, filename=f"{row.name}.pdf")

    def word_file(self, request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
        """The document as it was given."""
        word = self._row(request, pk).word_templates.filter(language=language).first()
        if word is None:
            raise Http404
        return serve(request, word.file, as_attachment=True, filename=word.file.name)

    def put_word(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Check and keep what was sent, in place of the document there is."""
        row = self._own_word(request, pk, language)
        return self._given(
            request,
            row,
            WordTemplateForm(request.POST, request.FILES),
            limits=LIMITS,
            keep=lambda file: put_word_template(row, file, language=language, by=request.user),
            said=_("The Word document was saved."),
            place="word",
        )

    def remove_word(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        row = self._own_word(request, pk, language)
        put_word_template(row, None, language=language, by=request.user)
        messages.success(request, _("The Word document was removed."))
        return redirect(f"{self.url('row', pk)}#word")

    def _own_word(self, request: HttpRequest, pk: int, language: str) -> LetterTemplate:
        row = self._own(request, pk)
        if language not in {code for code, _name, _word in word_templates_of(row)}:
            raise Http404
        return row

    def row_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        kinds = [row.kind] if row.kind else list(LetterKind.values)
        fields = {field.name: field for kind in kinds for field in fields_of(kind)}
        context: dict[str, Any] = {"fields": fields.values(), "is_word": False}
        if row.pk is None:
            return context
        is_word = row.source == LetterSource.WORD
        return context | {
            "is_word": is_word,
            "office_warnings": office_warnings() if is_word else [],
            "words": [
                {
                    "name": name,
                    "word": word,
                    "url": self.url("word", row.pk, code),
                    "put_url": self.url("word_put", row.pk, code),
                    "remove_url": self.url("word_remove", row.pk, code),
                    "form": WordTemplateForm(auto_id=f"id_{code}_%s"),
                }
                for code, name, word in word_templates_of(row)
            ],
            "preview_form": LetterPreviewForm(
                initial={"language": get_language()}, auto_id="id_preview_%s"
            ),
            "preview_url": self.url("preview", row.pk),
            "copy_url": f"{self.url('new')}?copie={row.pk}",
        }

    def history(self, row: Any) -> list[Entry]:
        events = dict(LetterEvent.choices)
        return row_sentences(entries_about(row)[:SHOWN_HISTORY], row, events=events)


def _reached(request: HttpRequest, number: int | None) -> Application | None:
    """The application with this number, of those whose letters the person may read."""
    if number is None:
        return None
    reached = Application.objects.with_offer().visible_to(request.user).filter(pk=number).first()
    if reached is None or not request.user.has_perm("decisions.read_letter", reached):
        raise LetterFailed(_("No application in your reach has this number."))
    return reached


LETTERS = LetterCrud(
    slug="lettres",
    title=gettext_lazy("Letters of admission and refusal"),
    new=gettext_lazy("New template of letters"),
    help=gettext_lazy(
        "What letters say: the most specific template in service is used, of the centre first, "
        "then of the type of diploma, then of the kind of programme, else the general one."
    ),
    model=LetterTemplate,
    form=LetterTemplateForm,
    capability=Capability.MANAGE_DECISIONS,
    view="decisions.view_settings",
    manage="decisions.manage_settings",
    columns=(
        LABEL,
        Column(gettext_lazy("Letter"), lambda row: row.get_kind_display()),
        OWNER,
        Column(gettext_lazy("For"), whom_in_words),
        Column(gettext_lazy("Made from"), lambda row: row.get_source_display()),
        IN_SERVICE,
    ),
    order=("kind", "centre__code", "name"),
    joined=("centre", "diploma_type", "programme_kind"),
)
