"""Texts of mails that staff write in place of the standard ones (« mails types »)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.changes import log_saved, values_of
from candide.institution.catalogue.models import Institution
from candide.institution.mails.kinds import (
    Mail,
    Text,
    common_values,
    first_words,
    in_language,
    kinds,
    texts_for,
)
from candide.institution.mails.models import MailTemplate
from candide.institution.mails.rendering import Rendered
from candide.institution.mails.syntax import markup_tags, problems, unknown_variables

SUBJECT_LENGTH = 500
BODY_LENGTH = 5000
PARTS = ("subject", "body")

Words = Mapping[str, str]

# -- When a text may be saved ---------------------------------------------------------------------


def text_blockers(
    kind: type[Mail], *, subject: Words, body: Words, is_enabled: bool
) -> list[Blocker]:
    """Why these texts, by language, may not be saved [MAIL-02]. `about` names language and part."""
    blockers = []
    for language, name in settings.LANGUAGES:
        texts = {"subject": subject.get(language, ""), "body": body.get(language, "")}
        for part, text in texts.items():
            about = f"{part}:{language}"
            longest = SUBJECT_LENGTH if part == "subject" else BODY_LENGTH
            if len(text) > longest:
                message = _("%(language)s: at most %(number)d characters.")
                values = {"language": name, "number": longest}
                blockers.append(Blocker("too_long", message % values, about))
            blockers.extend(_named(name, about, problems(text)))
        if bool(texts["subject"].strip()) != bool(texts["body"].strip()):
            message = _("%(language)s: give both a subject and a text, or neither.")
            blockers.append(
                Blocker("half_a_text", message % {"language": name}, f"subject:{language}")
            )
    if kind.is_required and not is_enabled:
        message = _("This mail cannot be switched off: without it nobody could sign in.")
        blockers.append(Blocker("required", message))
    return blockers


def text_warnings(kind: type[Mail], *, subject: Words, body: Words) -> list[Blocker]:
    """What is unwise in them: variables this mail does not have, which show nothing, and HTML,
    which shows as it is typed."""
    known = [placeholder.name for placeholder in kind.all_placeholders()]
    warnings = []
    for language, name in settings.LANGUAGES:
        for part, text in (
            ("subject", subject.get(language, "")),
            ("body", body.get(language, "")),
        ):
            found = unknown_variables(text, known)
            if part == "body":
                found += markup_tags(text)
            warnings.extend(_named(name, f"{part}:{language}", found))
    return warnings


def _named(language: str, about: str, found: list[Blocker]) -> list[Blocker]:
    """`found` with the language it is about."""
    return [
        Blocker(
            each.code,
            _("%(language)s, %(message)s") % {"language": language, "message": each.message},
            about,
        )
        for each in found
    ]


# -- What is said now -----------------------------------------------------------------------------


def stored_text(kind: type[Mail], centre: Any) -> MailTemplate | None:
    """The row staff wrote for `kind` there, if they ever did."""
    return MailTemplate.objects.filter(kind=kind.code, centre=centre, name="").first()


def current_words(kind: type[Mail], centre: Any) -> dict[str, Text]:
    """What `kind` says there, by language, switched off or not."""
    rows = texts_for(kind, centre)
    return {language: first_words(kind, rows, language) for language, _name in settings.LANGUAGES}


def first_texts(kind: type[Mail], centre: Any) -> dict[str, Text]:
    """What it would say there without a text of its own: what is inherited."""
    above = [] if centre is None else texts_for(kind, None)
    return {language: first_words(kind, above, language) for language, _name in settings.LANGUAGES}


@dataclass(frozen=True)
class Overview:
    """One kind as the list shows it: whether it is sent and written anew, and the centres that
    have words of their own, or do not send it, by name."""

    kind: type[Mail]
    is_enabled: bool
    is_changed: bool
    centres: list[str]
    silent_centres: list[str]


def overview(centre: Any = None) -> list[Overview]:
    """Every kind, by code, for the institution or for `centre`; one query."""
    rows: dict[str, list[MailTemplate]] = {}
    for row in MailTemplate.objects.filter(name="").select_related("centre").order_by("pk"):
        rows.setdefault(row.kind, []).append(row)
    return [_overview(kind, rows.get(kind.code, []), centre) for kind in kinds()]


def _overview(kind: type[Mail], rows: list[MailTemplate], centre: Any) -> Overview:
    central = [row for row in rows if row.centre_id is None]
    of_centres = [row for row in rows if row.centre_id is not None]
    here = central if centre is None else [row for row in of_centres if row.centre == centre]
    return Overview(
        kind,
        is_enabled=kind.is_required or all(row.is_enabled for row in {*central, *here}),
        is_changed=any(says_something(row) for row in here),
        centres=[str(row.centre) for row in of_centres if says_something(row)],
        silent_centres=[str(row.centre) for row in of_centres if not row.is_enabled],
    )


def says_something(row: MailTemplate) -> bool:
    """Whether `row` has words of its own in any language."""
    return any(in_language(row, language) for language, _name in settings.LANGUAGES)


# -- Saving ---------------------------------------------------------------------------------------


@transaction.atomic
def save_text(
    *,
    kind: type[Mail],
    centre: Any,
    subject: Words,
    body: Words,
    is_enabled: bool,
    by: Any,
    now: datetime,
    version: int | None = None,
) -> MailTemplate:
    """Write the text of `kind` for `centre` (None: the institution). What is left as it was
    inherited is not stored, so that it goes on following it. `version` is that of the row the
    person was shown, None when there was none; a row changed meanwhile refuses."""
    refuse_if(text_blockers(kind, subject=subject, body=body, is_enabled=is_enabled))
    rows = MailTemplate.objects.select_for_update(of=("self",))
    row = rows.filter(kind=kind.code, centre=centre, name="").first()
    if (row.version if row else None) != version:
        raise Refused([_stale()])
    if row is None:
        row = _first_row(kind, centre)
    before = values_of(row)
    own = _own_words(subject, body, first_texts(kind, centre))
    row.subject = LazyI18nString({language: text.subject for language, text in own.items()})
    row.body = LazyI18nString({language: text.body for language, text in own.items()})
    row.is_enabled = is_enabled
    row.version += 1
    row.updated_at, row.updated_by_id = now, by.pk
    row.save()
    log_saved(row, before=before, by=by)
    return row


def _first_row(kind: type[Mail], centre: Any) -> MailTemplate:
    try:
        with transaction.atomic():
            return MailTemplate.objects.create(kind=kind.code, centre=centre, version=0)
    except IntegrityError as clash:  # somebody else wrote the first one at the same moment
        raise Refused([_stale()]) from clash


def _own_words(subject: Words, body: Words, inherited: dict[str, Text]) -> dict[str, Text]:
    """What was written, by language, but where it is what is said anyway."""
    own = {}
    for language, _name in settings.LANGUAGES:
        text = Text(_tidy(subject.get(language, "")), _tidy(body.get(language, "")), language)
        if text.subject and text != inherited[language]:
            own[language] = text
    return own


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _stale() -> Blocker:
    return Blocker("stale", _("Somebody else changed this text meanwhile."))


@transaction.atomic
def reset_text(row: MailTemplate, *, by: Any, now: datetime) -> None:
    """Go back to the first text in every language. Whether it is in service stays; the row stays
    for its history."""
    row = MailTemplate.objects.locked(row.pk)
    before = values_of(row)
    row.subject, row.body = LazyI18nString({}), LazyI18nString({})
    row.version += 1
    row.updated_at, row.updated_by_id = now, by.pk
    row.save(update_fields=["subject", "body", "version", "updated_at", "updated_by_id"])
    log_saved(row, before=before, by=by)


# -- Previews -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What a text looks like. `made_up` are the variables in it that show a sample."""

    text: Text
    rendered: Rendered
    made_up: list[str]


def preview(kind: type[Mail], text: Text, *, about: Any = None) -> Preview:
    """`text` with the values of a mail that speaks of `about`, and with samples for what that does
    not tell, or for all. Variables that do not exist show nothing."""
    institution = Institution.current()
    with override(text.language):
        known = dict(common_values(institution))
        if about is not None:
            known |= kind.known_values(about)
    values = {**kind.samples(), **known}
    rendered = kind.render(text, values, institution=institution.name)
    shown = {each.name for each in kind.all_placeholders() if _uses(text, each.name)}
    return Preview(text, rendered, sorted(shown - known.keys()))


def _uses(text: Text, name: str) -> bool:
    whole = f"{text.subject}\n{text.body}"
    return f"${{{name}}}" in whole or f"{{if(${name})}}" in whole
