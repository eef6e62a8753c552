"""The kinds of mails there are. Each room has its own in `mails.py`; their standard texts stand in
`<app>/templates/mails/<code>.<language>.md`, the first line the subject, the rest Markdown."""

import inspect
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from candide.institution.catalogue.domain.languages import in_service
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import Audience, MailStatus
from candide.institution.mails.models import Attachment, MailTemplate, OutgoingMail
from candide.institution.mails.rendering import Placeholder, Rendered, render

__all__ = [
    "Mail",
    "Placeholder",
    "Text",
    "find_kind",
    "kinds",
    "queue",
    "register",
    "standard_text",
]

COMMON = (
    Placeholder("etablissement", _("name of the institution"), "Université de Valmont"),
    Placeholder(
        "lienAccueil",
        _("address of this service"),
        "https://candidatures.univ-valmont.fr",
        is_link=True,
    ),
)


@dataclass(frozen=True)
class Text:
    """A text of a mail in one language."""

    subject: str
    body: str
    language: str


class Mail(ABC):
    """One kind of mail, and when instantiated with what it speaks of, one mail. A subclass names
    itself (`code`, `title`), its `placeholders`, and answers the questions below; `send()` does the
    rest, in the transaction of the action that follows from it."""

    code: ClassVar[str]
    title: ClassVar[Any]
    placeholders: ClassVar[tuple[Placeholder, ...]] = ()
    is_secret: ClassVar[bool] = False  # holds a link that signs in: hidden, blanked once sent
    is_urgent: ClassVar[bool] = False  # somebody waits at the screen: goes before the others
    is_required: ClassVar[bool] = False  # cannot be switched off
    is_of_centre: ClassVar[bool] = False  # a centre may have words of its own for it
    audience: ClassVar[Audience] = Audience.ACCOUNT
    formerly: ClassVar[str] = ""  # what eCandidat called it
    keep_trying: ClassVar[timedelta] = timedelta(days=5)
    do_not_call_in_templates = True  # pages name kinds, which are classes

    @abstractmethod
    def recipients(self) -> Iterable[str]:
        """The addresses it goes to, each in a mail of its own."""

    def copies(self) -> Iterable[str]:
        """Addresses that get a blind copy [MAIL-03]."""
        return ()

    def reply_to(self) -> str:
        """Where answers go, if anywhere."""
        return ""

    def language(self) -> str:
        """The language of the reader [MAIL-04]."""
        return settings.LANGUAGE_CODE

    def centre(self) -> Any:
        """The centre whose own text is used, if it has one."""
        return None

    def template(self) -> MailTemplate | None:
        """A text chosen for this very mail (by a decision type), if any."""
        return None

    def about(self) -> Model | None:
        """What it speaks of: the outbox shows it there."""
        return None

    def for_user(self) -> Any:
        """Whose account it is for, if it is for one: erasure and export find it."""
        return None

    def attachments(self) -> Sequence[tuple[Any, str]]:
        """Stored files that go with it, and the names they get."""
        return ()

    def values(self) -> Mapping[str, object]:
        """A value for each placeholder. Called with the reader's language active."""
        return {}

    @classmethod
    def all_placeholders(cls) -> tuple[Placeholder, ...]:
        """What its texts may use."""
        return (*COMMON, *cls.placeholders)

    @classmethod
    def samples(cls) -> dict[str, str]:
        """A value for each placeholder, for previews and tests."""
        return {placeholder.name: placeholder.sample for placeholder in cls.all_placeholders()}

    @classmethod
    def known_values(cls, about: Any) -> Mapping[str, object]:
        """For previews: the values it would have if it spoke of `about`, as far as that tells;
        what it leaves out is shown by its sample. Called with the reader's language active."""
        return {}

    @classmethod
    def render(cls, text: Text, values: Mapping[str, object], *, institution: str) -> Rendered:
        """`text` with `values`, in the language of the text."""
        with override(text.language):
            return render(
                subject=text.subject,
                body=text.body,
                placeholders=cls.all_placeholders(),
                values={name: "" if v is None else str(v) for name, v in values.items()},
                institution=institution,
                language=text.language,
                footer=gettext("This mail was sent automatically: please do not reply to it."),
            )

    def all_values(self, language: str, institution: Institution) -> dict[str, str]:
        """A text for each placeholder, in `language`."""
        with override(language):
            values = {**common_values(institution), **self.values()}
            return {name: "" if v is None else str(v) for name, v in values.items()}

    def rendered(self, text: Text, institution: Institution) -> Rendered:
        """This mail in the words of `text`."""
        values = self.all_values(text.language, institution)
        return self.render(text, values, institution=institution.name)

    def text(self) -> Text | None:
        """What it says, before its values; None when staff switched it off."""
        return text_of(
            type(self),
            language=in_service(self.language()),
            centre=self.centre(),
            chosen=self.template(),
        )

    @transaction.atomic
    def send(self) -> list[OutgoingMail]:
        """Queue it: one row for each address. Nothing is queued when staff switched it off, or
        when no address is left after those that are none were dropped [MAIL-01]."""
        text = self.text()
        if text is None or not valid_addresses(self.recipients()):
            return []
        rendered = self.rendered(text, Institution.current())
        return queue([(self.rows(rendered, text.language), self.attachments())])

    def rows(
        self, rendered: Rendered, language: str, *, copies: Iterable[str] | None = None
    ) -> list[OutgoingMail]:
        """Its rows for the outbox, one for each address, not saved; none without an address.
        `copies`, where they are known already, spares asking who gets one."""
        to = valid_addresses(self.recipients())
        mails = [self._row(rendered, language, to=address) for address in to]
        if to and not self.is_secret:
            lowered = {address.lower() for address in to}
            mails += [
                self._row(rendered, language, to=to[0], copy_to=address)
                for address in valid_addresses(self.copies() if copies is None else copies)
                if address.lower() not in lowered
            ]
        return mails

    def _row(
        self, rendered: Rendered, language: str, *, to: str, copy_to: str = ""
    ) -> OutgoingMail:
        about, user = self.about(), self.for_user()
        reply_to = valid_addresses([self.reply_to()])
        now = timezone.now()  # noqa: TID251 -- the moment of writing, as for history
        return OutgoingMail(
            kind=self.code,
            status=MailStatus.QUEUED if settings.SEND_MAILS else MailStatus.KEPT,
            to=to,
            copy_to=copy_to,
            reply_to=reply_to[0] if reply_to else "",
            domain=(copy_to or to).rsplit("@", 1)[1].lower(),
            language=language,
            subject=rendered.subject,
            text=rendered.text,
            html=rendered.html,
            is_secret=self.is_secret,
            is_urgent=self.is_urgent,
            message_id=new_message_id(),
            for_user_id=None if user is None else user.pk,
            about_type="" if about is None else about._meta.label_lower,
            about_id=None if about is None else about.pk,
            queued_at=now,
            next_attempt_at=now,
            give_up_at=now + self.keep_trying,
        )


def queue(
    composed: Iterable[tuple[Sequence[OutgoingMail], Sequence[tuple[Any, str]]]],
) -> list[OutgoingMail]:
    """Put rows into the outbox with the files that go with them, however many mails they are of."""
    composed = list(composed)
    queued = OutgoingMail.objects.bulk_create(
        (row for rows, _files in composed for row in rows), batch_size=500
    )
    Attachment.objects.bulk_create(
        (
            Attachment(mail=row, file=file, name=name[:200])
            for rows, files in composed
            for file, name in files
            for row in rows
        ),
        batch_size=1000,
    )
    return queued


def common_values(institution: Institution) -> dict[str, object]:
    """The values of what every mail may use."""
    return {"etablissement": institution.name, "lienAccueil": settings.BASE_URL}


# -- The registry ---------------------------------------------------------------------------------

_kinds: dict[str, type[Mail]] = {}


def register(kind: type[Mail]) -> type[Mail]:
    """Make `kind` one that staff find, and that may be sent. Used as a decorator."""
    _kinds[kind.code] = kind
    return kind


def kinds() -> list[type[Mail]]:
    """Every registered kind, by code."""
    return [_kinds[code] for code in sorted(_kinds)]


def find_kind(code: str) -> type[Mail]:
    """The kind `code`. Raises `KeyError`."""
    return _kinds[code]


# -- Texts ----------------------------------------------------------------------------------------


def standard_text(kind: type[Mail], language: str) -> Text:
    """The text that comes with the software; in French where there is none in `language`."""
    folder = Path(inspect.getfile(kind)).parent / "templates" / "mails"
    for each in (language, settings.LANGUAGE_CODE):
        found = _read(folder / f"{kind.code}.{each}.md", each)
        if found is not None:
            return found
    raise LookupError(f"mail {kind.code} has no standard text")


@cache
def _read(path: Path, language: str) -> Text | None:
    if not path.exists():
        return None
    subject, _, body = path.read_text("utf-8").partition("\n")
    return Text(subject.strip(), body.strip(), language)


def text_of(
    kind: type[Mail], *, language: str, centre: Any = None, chosen: MailTemplate | None = None
) -> Text | None:
    """What `kind` says in `language`: the chosen text, else the centre's, else the institution's,
    else the standard one. A chosen text that says nothing in `language` speaks in the default one
    [I18N-04]: what it has to say stands nowhere else. None when the mail is switched off."""
    rows = texts_for(kind, centre)
    asked = rows if chosen is None else [chosen]
    if not kind.is_required and not all(row.is_enabled for row in asked):
        return None
    if chosen is not None:
        found = in_language(chosen, language) or in_language(chosen, settings.LANGUAGE_CODE)
        if found is not None:
            return found
    return first_words(kind, rows, language)


def texts_for(kind: type[Mail], centre: Any) -> list[MailTemplate]:
    """What staff wrote for `kind`: the centre's own text before that of the institution."""
    standing = Q(centre=None) if centre is None else Q(centre=None) | Q(centre=centre)
    rows = MailTemplate.objects.filter(standing, kind=kind.code, name="").order_by("pk")
    return sorted(rows, key=lambda row: row.centre_id is None)


def first_words(kind: type[Mail], rows: Iterable[MailTemplate], language: str) -> Text:
    """What the first of `rows` says that says something in `language`, else the standard text."""
    for row in rows:
        found = in_language(row, language)
        if found is not None:
            return found
    return standard_text(kind, language)


def in_language(row: MailTemplate, language: str) -> Text | None:
    """What staff wrote in `language`, if they wrote both a subject and a text."""
    subject, body = _words(row.subject, language), _words(row.body, language)
    return Text(subject, body, language) if subject and body else None


def _words(text: Any, language: str) -> str:
    data = getattr(text, "data", text)
    if isinstance(data, dict):
        return str(data.get(language) or "").strip()
    return str(data or "").strip() if language == settings.LANGUAGE_CODE else ""


# -- Addresses ------------------------------------------------------------------------------------


def valid_addresses(addresses: Iterable[str]) -> list[str]:
    """The addresses that are ones, each once; the others are dropped in silence [MAIL-01]."""
    found: dict[str, str] = {}
    for address in addresses:
        candidate = (address or "").strip()
        try:
            validate_email(candidate)
        except ValidationError:
            continue
        found.setdefault(candidate.lower(), candidate)
    return list(found.values())


def new_message_id() -> str:
    """A Message-ID, fixed when the mail is queued: a mail repeated after a crash is recognisably
    the same."""
    return f"<{uuid.uuid4().hex}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@cache
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]
