"""Which template a letter is made from, and what may stand in one [back-office 25.1]."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.admissions.decisions.domain.letter_values import fields_of
from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models import LetterTemplate, WordTemplate
from candide.core.blockers import Blocker
from candide.institution.catalogue.models import Programme
from candide.institution.mails.syntax import problems, unknown_variables

LONGEST = 20_000
TEXTS = ("header", "title", "body", "footer")
_FOLDER = Path(__file__).resolve().parent.parent / "starter"


@dataclass(frozen=True)
class Wording:
    """What a template says in one language."""

    language: str
    header: str
    title: str
    body: str
    footer: str


@dataclass
class LetterTemplates:
    """The templates there are, read once for as many letters as are made with this object."""

    _rows: list[LetterTemplate] | None = None
    _words: dict[int, dict[str, WordTemplate]] = field(default_factory=dict)

    def find(self, programme: Programme, kind: str) -> LetterTemplate | None:
        """The template in service for `programme` that is the most specific: one of its centre
        before one of its type of diploma, that before one of its kind of programme, that before
        the general one. An installation that has no template of this kind at all uses the
        standard text; where there are some and none applies, there is no letter."""
        if self._rows is None:
            self._rows = list(LetterTemplate.objects.order_by("pk"))
        rows = [row for row in self._rows if row.kind == kind]
        if not rows:
            return standard_template(kind)
        fitting = [row for row in rows if row.is_active and _fits(row, programme)]
        return max(fitting, key=_weight, default=None)

    def word(self, template: LetterTemplate, language: str) -> WordTemplate | None:
        """Its Word document in `language`, else in the default one."""
        if template.pk not in self._words:
            found = template.word_templates.select_related("file") if template.pk else ()
            self._words[template.pk] = {each.language: each for each in found}
        words = self._words[template.pk]
        return words.get(language) or words.get(settings.LANGUAGE_CODE)


def _fits(row: LetterTemplate, programme: Programme) -> bool:
    return (
        row.centre_id in (None, programme.commission.centre_id)
        and row.diploma_type_id in (None, programme.diploma_type_id)
        and row.programme_kind_id in (None, programme.kind_id)
    )


def _weight(row: LetterTemplate) -> tuple[bool, bool, bool]:
    return (
        row.centre_id is not None,
        row.diploma_type_id is not None,
        row.programme_kind_id is not None,
    )


def wording_of(template: LetterTemplate, language: str) -> Wording | None:
    """What `template` says in `language`, else in the default one; None where it says nothing."""
    for each in (language, settings.LANGUAGE_CODE):
        if text_in(template.body, each):
            texts = {name: text_in(getattr(template, name), each) for name in TEXTS}
            return Wording(language=each, **texts)
    return None


def text_in(text: object, language: str) -> str:
    """What stands in a translated field in exactly this language."""
    data = getattr(text, "data", text)
    if isinstance(data, Mapping):
        return str(data.get(language) or "").strip()
    return str(data or "").strip() if language == settings.LANGUAGE_CODE else ""


# -- What may be saved -----------------------------------------------------------------------------


def template_blockers(template: LetterTemplate) -> list[Blocker]:
    """Why this template may not be saved as it is; `about` names the field."""
    return [*_texts(template), *_once(template)]


def _texts(template: LetterTemplate) -> Iterable[Blocker]:
    known = [field.name for field in fields_of(template.kind or LetterKind.ADMISSION)]
    for name in TEXTS:
        for language, label in settings.LANGUAGES:
            text = text_in(getattr(template, name), language)
            about = f"field:{name}"
            if len(text) > LONGEST:
                message = _("%(language)s: at most %(number)d characters.")
                values = {"language": label, "number": LONGEST}
                yield Blocker("too_long", message % values, about)
            for found in (*problems(text), *unknown_variables(text, known)):
                yield Blocker(found.code, f"{label} : {found.message}", about)
    is_text = template.source == LetterSource.TEXT
    if is_text and not text_in(template.body, settings.LANGUAGE_CODE):
        language = dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]
        message = _("Give the text at least in this language: %(language)s.")
        yield Blocker("no_text", message % {"language": language}, "field:body")


def _once(template: LetterTemplate) -> Iterable[Blocker]:
    if not template.is_active:
        return
    same = LetterTemplate.objects.in_service().filter(
        kind=template.kind,
        centre=template.centre,
        diploma_type=template.diploma_type,
        programme_kind=template.programme_kind,
    )
    other = same.exclude(pk=template.pk).first()
    if other is not None:
        message = _("“%(name)s” is in service for the same letters: put one out of service.")
        yield Blocker("not_alone", message % {"name": other.name}, "field:is_active")


# -- What a new installation begins with ----------------------------------------------------------


def standard_template(kind: str) -> LetterTemplate:
    """The template that comes with the software; not saved."""
    texts = {code: _standard_text(kind, code) for code, _name in settings.LANGUAGES}
    return LetterTemplate(
        kind=kind,
        name=str(LetterKind(kind).label),
        title=LazyI18nString({code: title for code, (title, _body) in texts.items()}),
        body=LazyI18nString({code: body for code, (_title, body) in texts.items()}),
    )


@cache
def _standard_text(kind: str, language: str) -> tuple[str, str]:
    """The first line of the file is the subject, the rest the text."""
    text = (_FOLDER / f"{kind}.{language}.md").read_text("utf-8")
    title, _newline, body = text.partition("\n")
    return title.strip(), body.strip()
