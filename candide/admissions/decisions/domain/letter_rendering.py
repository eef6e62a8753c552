"""From a template and its values to the PDF of a letter."""

import base64
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import qrcode
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathImage

from candide.admissions.decisions.domain.letter_templates import (
    LetterTemplates,
    Wording,
    wording_of,
)
from candide.admissions.decisions.domain.letter_values import (
    ADDRESS,
    CODE,
    IMAGE,
    SHOWS_SIGNATURE,
    fields_of,
)
from candide.admissions.decisions.enums import LetterKind, LetterSource
from candide.admissions.decisions.models import LetterTemplate, WordTemplate
from candide.core.blockers import Blocker, Refused
from candide.foundation.files.domain.blobs import open_file
from candide.foundation.files.models import StoredFile
from candide.foundation.pdf.rendering import render
from candide.foundation.pdf.word import Merge, fill, look
from candide.institution.catalogue.models import Commission, Institution
from candide.institution.mails.rendering import filled_html, filled_line

# Part of the mark of each letter: raise it when the frame around the text says something else.
FRAME = 1


class LetterFailed(Refused):
    """The letter could not be made; the reason is for staff."""

    def __init__(self, message: str) -> None:
        super().__init__([Blocker("letter_failed", message)])


@dataclass(frozen=True)
class Making:
    """One letter to be made. `template` may be one that is not saved, as for a preview; `wording`
    or `word` is what it says in `language`. A `is_test` letter says on each page that it is one."""

    template: LetterTemplate
    kind: str
    language: str
    values: dict[str, str]
    commission: Commission | None
    wording: Wording | None = None
    word: WordTemplate | None = None
    is_test: bool = False
    institution: Institution = field(default_factory=Institution.current)

    def contents(self) -> dict[str, Any]:
        """What the letter is made from but its values; equal contents make equal letters."""
        template = self.template
        logo, signature = self.institution.logo, self.signature
        return {
            "frame": FRAME,
            "kind": self.kind,
            "language": self.language,
            "text": vars(self.wording) if self.wording else None,
            "word": self.word.file.sha256 if self.word else None,
            "logo": logo.sha256 if template.has_logo and logo else None,
            "signature": signature.sha256 if signature else None,
            "institution": self.institution.name,
        }

    @property
    def signature(self) -> StoredFile | None:
        """The image of the signature of the commission, if it has one."""
        return self.commission.signature if self.commission else None


def making(
    template: LetterTemplate,
    *,
    kind: str,
    language: str,
    values: dict[str, str],
    commission: Commission | None,
    templates: LetterTemplates | None = None,
    is_test: bool = False,
) -> Making:
    """What is to be made of `template`, in `language` or the default one. Raises `LetterFailed`
    where it says nothing in either."""
    is_word = template.source == LetterSource.WORD
    word = (templates or LetterTemplates()).word(template, language) if is_word else None
    wording = None if is_word else wording_of(template, language)
    said = word or wording
    if said is None:
        message = _("The template “%(name)s” of the letter is empty.")
        raise LetterFailed(message % {"name": template.name})
    return Making(
        template=template,
        kind=kind,
        language=said.language,
        values=values,
        commission=commission,
        wording=wording,
        word=word,
        is_test=is_test,
    )


def render_letter(made: Making, *, code: str, created: datetime) -> bytes:
    """The PDF. Raises `LetterFailed`."""
    values = made.values | {CODE: shown_code(code)}
    try:
        if made.word is not None:
            return _from_word(made, made.word, values, code=code)
        return _from_text(made, values, code=code, created=created)
    except (OSError, ValueError, Refused) as error:
        message = _("The letter could not be drawn: %(error)s.")
        raise LetterFailed(message % {"error": error}) from error


def _from_text(made: Making, values: dict[str, str], *, code: str, created: datetime) -> bytes:
    wording, institution = made.wording, made.institution
    assert wording is not None  # noqa: S101 -- `making` refuses a template that says nothing
    fields = fields_of(made.kind)
    with translation.override(made.language):
        title = filled_line(wording.title, values=values) or str(made.template.name)
        logo = institution.logo if made.template.has_logo else None
        html = render_to_string(
            "pdf/letter.html",
            {
                "title": title,
                "institution": institution,
                "commission": made.commission,
                "logo": data_uri(logo) if logo else "",
                "header": filled_html(wording.header, placeholders=fields, values=values),
                "body": filled_html(wording.body, placeholders=fields, values=values),
                "footer": filled_html(wording.footer, placeholders=fields, values=values),
                "to": addressee(values),
                "day": values["date"],
                "signatory": values["libelleSignature"],
                "signature": data_uri(made.signature) if made.signature else "",
                "is_test": made.is_test,
                "code": values[CODE] if code else "",
                "address": values[ADDRESS],
                "picture": _picture(f"{values[ADDRESS]}?code={code}") if code else "",
            },
        )
        return render(
            html,
            title=title,
            language=made.language,
            author=institution.name,
            created=created,
        )


def _from_word(made: Making, word: WordTemplate, values: dict[str, str], *, code: str) -> bytes:
    """What the institution laid out itself; what it left no field for, a last line says."""
    template = read_file(word.file)
    signature = read_file(made.signature) if made.signature else None
    with translation.override(made.language):
        tail = _("Test letter, of nobody: it has no value and cannot be verified.")
        if code:
            said = {"address": values[ADDRESS], "code": values[CODE]}
            tail = _("To be verified at %(address)s, by the code %(code)s.") % said
            if CODE in look(template).names:
                tail = ""
        given = {name for name, value in values.items() if value}
        if values["libelleSignature"] or signature:
            given.add(SHOWS_SIGNATURE)
        merge = Merge(values, frozenset(given), IMAGE, signature, tail=tail)
        title = str(LetterKind(made.kind).label)
        return fill(
            template, merge, title=title, language=made.language, author=made.institution.name
        )


def addressee(values: dict[str, str]) -> list[str]:
    """Name and address of who the letter is for, a line each."""
    name = values["nomUsuCandidat"] or values["nomPatCandidat"]
    first = f"{values['civiliteCandidat']} {values['prenomCandidat']} {name}".strip()
    return [first, *filter(None, values["adresseCandidat"].split("\n"))]


def shown_code(code: str) -> str:
    """`code` as it is read aloud and typed: ABCD-EFGH-JKMN."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_file(file: StoredFile) -> bytes:
    with open_file(file) as content:
        return content.read()


def data_uri(file: StoredFile) -> str:
    """The content of an image, to be put into the document itself."""
    encoded = base64.b64encode(read_file(file)).decode("ascii")
    return f"data:{file.media_type};base64,{encoded}"


def _picture(address: str) -> str:
    """The address as a picture telephones read, drawn as one path."""
    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=0, box_size=10).save(out)
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"
