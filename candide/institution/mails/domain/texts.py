"""Texts of mails that staff write in place of the standard ones (« mails types »)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log
from candide.institution.catalogue.models import Institution
from candide.institution.mails.enums import MailEvent
from candide.institution.mails.kinds import Mail, Text, find_kind
from candide.institution.mails.models import MailTemplate
from candide.institution.mails.rendering import Rendered
from candide.institution.mails.syntax import problems

SUBJECT_LENGTH = 500
BODY_LENGTH = 5000


def text_blockers(
    kind: type[Mail], *, subject: Mapping[str, str], body: Mapping[str, str], is_enabled: bool
) -> list[Blocker]:
    """Why these texts, by language, may not be saved [MAIL-02]. `about` names language and part."""
    blockers = []
    known = [placeholder.name for placeholder in kind.all_placeholders()]
    for language, name in settings.LANGUAGES:
        texts = {"subject": subject.get(language, ""), "body": body.get(language, "")}
        for part, text in texts.items():
            about = f"{part}:{language}"
            longest = SUBJECT_LENGTH if part == "subject" else BODY_LENGTH
            if len(text) > longest:
                message = _("%(language)s: at most %(number)d characters.")
                values = {"language": name, "number": longest}
                blockers.append(Blocker("too_long", message % values, about))
            blockers.extend(
                Blocker(found.code, f"{name} : {found.message}", about)
                for found in problems(text, known)
            )
        if bool(texts["subject"].strip()) != bool(texts["body"].strip()):
            message = _("%(language)s: give both a subject and a text, or neither.")
            blockers.append(
                Blocker("half_a_text", message % {"language": name}, f"subject:{language}")
            )
    if kind.is_required and not is_enabled:
        message = _("This mail cannot be switched off: without it nobody could sign in.")
        blockers.append(Blocker("required", message))
    return blockers


@transaction.atomic
def save_text(
    *,
    kind: type[Mail],
    centre: Any,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    is_enabled: bool,
    by: Any,
    now: datetime,
    name: str = "",
    version: int | None = None,
) -> MailTemplate:
    """Write the text of `kind` for `centre` (None: the institution). `version` is that of the row
    the person was shown, None when there was none; a row changed meanwhile refuses."""
    refuse_if(text_blockers(kind, subject=subject, body=body, is_enabled=is_enabled))
    rows = MailTemplate.objects.select_for_update(of=("self",))
    row = rows.filter(kind=kind.code, centre=centre, name=name).first()
    if (row.version if row else None) != version:
        raise Refused([_stale()])
    if row is None:
        row = MailTemplate(kind=kind.code, centre=centre, name=name, version=0)
    row.subject = LazyI18nString(dict(subject))
    row.body = LazyI18nString(dict(body))
    row.is_enabled = is_enabled
    row.version += 1
    row.updated_at, row.updated_by_id = now, by.pk
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:  # somebody else wrote the first one at the same moment
        raise Refused([_stale()]) from clash
    log(row, MailEvent.TEXT_CHANGED, by=by, kind=kind.code, version=row.version)
    return row


def _stale() -> Blocker:
    return Blocker("stale", _("Somebody else changed this text meanwhile."))


@transaction.atomic
def remove_text(row: MailTemplate, *, by: Any) -> None:
    """Go back to the standard text."""
    row = MailTemplate.objects.locked(row.pk)
    log(row, MailEvent.TEXT_REMOVED, by=by, kind=row.kind)
    row.delete()


def preview(
    kind_code: str, *, subject: str, body: str, language: str, mail: Mail | None = None
) -> Rendered:
    """What a text looks like, with the samples of its variables or with those of a real `mail`.
    Variables that do not exist show nothing."""
    kind = find_kind(kind_code)
    institution = Institution.current()
    text = Text(subject, body, language)
    if mail is not None:
        return mail.rendered(text, institution)
    return kind.render(text, kind.samples(), institution=institution.name)
