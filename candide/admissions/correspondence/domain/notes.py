"""« Bloc-notes »: what staff tell each other about an application [back-office 20]."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from candide.admissions.applications.models import Application
from candide.admissions.correspondence.enums import CorrespondenceEvent
from candide.admissions.correspondence.models import LONGEST_NOTE, Note
from candide.core.blockers import Blocker, Refused, refuse_if
from candide.foundation.history.domain.log import log


def noting_blockers(application: Application) -> list[Blocker]:
    """Why no note may be written, changed or deleted here; empty when one may."""
    if application.archived_at is None:
        return []
    return [Blocker("archived", _("This application belongs to a past campaign."))]


def notes_of(application: Application) -> list[Note]:
    """The notes on `application`: those that matter first, each newest first."""
    rows = Note.objects.filter(application=application).select_related("author")
    return list(rows.order_by("-is_important", "-written_at", "-pk"))


@transaction.atomic
def write_note(
    application: Application, text: str, *, is_important: bool = False, by: Any, now: datetime
) -> Note:
    """Write a note on `application`."""
    application = Application.objects.locked(application.pk)
    refuse_if([*noting_blockers(application), *_text(text)])
    note = Note.objects.create(
        application=application,
        author=by,
        text=text.strip(),
        is_important=is_important,
        written_at=now,
    )
    log(
        application,
        CorrespondenceEvent.NOTE_WRITTEN,
        by=by,
        note=note.pk,
        important=is_important or None,
    )
    return note


@transaction.atomic
def change_note(
    note: Note, text: str, *, is_important: bool, by: Any, now: datetime, seen: str = ""
) -> None:
    """Change one's note. `seen` is what it said when one began: another window may have changed it
    since."""
    note = _locked(note)
    refuse_if([*noting_blockers(note.application), *_text(text), *_changed(note, seen)])
    if (note.text, note.is_important) == (text.strip(), is_important):
        return
    important = None if note.is_important == is_important else is_important
    note.text, note.is_important, note.changed_at = text.strip(), is_important, now
    note.save(update_fields=["text", "is_important", "changed_at"])
    log(
        note.application,
        CorrespondenceEvent.NOTE_CHANGED,
        by=by,
        note=note.pk,
        important=important,
    )


@transaction.atomic
def delete_note(note: Note, *, by: Any) -> None:
    """Delete one's note; the history keeps that there was one."""
    note = _locked(note)
    refuse_if(noting_blockers(note.application))
    log(note.application, CorrespondenceEvent.NOTE_DELETED, by=by, note=note.pk)
    note.delete()


def _locked(note: Note) -> Note:
    locked = Note.objects.select_for_update().filter(pk=note.pk).first()
    if locked is None:
        raise Refused([Blocker("gone", _("This note was deleted meanwhile."))])
    return locked


def _text(text: str) -> Iterator[Blocker]:
    if not text.strip():
        yield Blocker("empty", _("Write something."))
    if len(text.strip()) > LONGEST_NOTE:
        message = _("At most %(number)d characters.") % {"number": LONGEST_NOTE}
        yield Blocker("too_long", message)


def _changed(note: Note, seen: str) -> Iterator[Blocker]:
    if seen and note.changed_at and note.changed_at.isoformat() != seen:
        yield Blocker("changed", _("This note was changed meanwhile in another window."))
