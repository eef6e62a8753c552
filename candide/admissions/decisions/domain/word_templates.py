"""Word documents letters are made from: checked when they are given, kept as they are."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.decisions.domain.letter_rendering import read_file
from candide.admissions.decisions.domain.letter_values import unknown_names
from candide.admissions.decisions.enums import LetterEvent
from candide.admissions.decisions.models import LetterTemplate, WordTemplate
from candide.core.blockers import Blocker, refuse_if
from candide.foundation.files.domain.checks import Limits
from candide.foundation.files.enums import Kind
from candide.foundation.files.models import StoredFile
from candide.foundation.history.domain.log import log
from candide.foundation.pdf.word import WordFailed, look, office

MEGABYTE = 1024 * 1024
LIMITS = Limits(
    max_file_bytes=5 * MEGABYTE,
    max_document_bytes=5 * MEGABYTE,
    max_files=1,
    kinds=frozenset({Kind.DOCX}),
)


def word_blockers(template: LetterTemplate, file: StoredFile) -> list[Blocker]:
    """Why letters cannot be made from this document: every field that has no value is named."""
    try:
        found = look(read_file(file))
    except WordFailed as failure:
        return [Blocker("damaged", str(failure))]
    blockers = [
        Blocker(code, _("In this document, %(problem)s.") % {"problem": problem})
        for code, problem in found.problems
    ]
    unknown = unknown_names(found.names, template.kind)
    if unknown:
        message = _("These fields do not exist in this letter: %(names)s.")
        blockers.append(Blocker("unknown_fields", message % {"names": ", ".join(unknown)}))
    return blockers


def office_warnings() -> list[Blocker]:
    """That this server cannot make letters from Word documents."""
    if office() is not None:
        return []
    message = _(
        "This server has no program that lays Word documents out: letters made from them cannot be "
        "made. Whoever runs it finds in docs/settings.md, under CANDIDE_OFFICE, what to install."
    )
    return [Blocker("no_office", message)]


@transaction.atomic
def put_word_template(
    template: LetterTemplate, file: StoredFile | None, *, language: str, by: Any
) -> None:
    """Put `file` in place of the document there is in `language`; none takes it away."""
    template = LetterTemplate.objects.locked(template.pk)
    if file is not None:
        refuse_if(word_blockers(template, file))
    template.word_templates.filter(language=language).delete()
    if file is not None:
        WordTemplate.objects.create(template=template, language=language, file=file)
    event = LetterEvent.WORD_REMOVED if file is None else LetterEvent.WORD_PUT
    log(template, event, by=by, language=language)


def word_templates_of(template: LetterTemplate) -> list[tuple[str, str, WordTemplate | None]]:
    """Each language, its name, and the document there is in it."""
    found = {each.language: each for each in template.word_templates.select_related("file")}
    return [(code, str(name), found.get(code)) for code, name in settings.LANGUAGES]
