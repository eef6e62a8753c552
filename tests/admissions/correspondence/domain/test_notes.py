"""« Bloc-notes » [back-office 20]."""

import pytest

from candide.admissions.correspondence.domain.notes import (
    change_note,
    delete_note,
    notes_of,
    noting_blockers,
    write_note,
)
from candide.admissions.correspondence.enums import CorrespondenceEvent as Event
from candide.admissions.correspondence.models import LONGEST_NOTE, Note
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from tests.admissions.conftest import NOW, staff_member
from tests.factories.applications import ApplicationFactory
from tests.factories.correspondence import NoteFactory

pytestmark = pytest.mark.django_db


def history(application):
    return [(entry.event, entry.by_id, entry.data) for entry in entries_about(application)]


def test_note_is_written_and_the_history_says_so_without_its_words(application, bao):
    note = write_note(application, "  À revoir. ", is_important=True, by=bao, now=NOW)

    assert (note.text, note.is_important, note.author, note.written_at) == (
        "À revoir.",
        True,
        bao,
        NOW,
    )
    assert history(application) == [
        (Event.NOTE_WRITTEN, bao.pk, {"note": note.pk, "important": True})
    ]


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "empty"), ("x" * (LONGEST_NOTE + 1), "too_long")]
)
def test_note_says_something_and_not_too_much(application, bao, text, code):
    with pytest.raises(Refused) as refusal:
        write_note(application, text, by=bao, now=NOW)

    assert refusal.value.codes == [code]
    assert Note.objects.count() == 0


def test_past_campaign_takes_no_note(bao):
    archived = ApplicationFactory(archived_at=NOW)
    note = NoteFactory(application=archived, author=bao)

    assert [blocker.code for blocker in noting_blockers(archived)] == ["archived"]
    for act in (
        lambda: write_note(archived, "Trop tard", by=bao, now=NOW),
        lambda: change_note(note, "Trop tard", is_important=False, by=bao, now=NOW),
        lambda: delete_note(note, by=bao),
    ):
        with pytest.raises(Refused):
            act()


def test_note_is_changed_and_the_history_says_what_of_it(application, bao):
    note = NoteFactory(application=application, author=bao)

    change_note(note, "Vu.", is_important=True, by=bao, now=NOW)

    note.refresh_from_db()
    assert (note.text, note.is_important, note.changed_at) == ("Vu.", True, NOW)
    assert history(application) == [
        (Event.NOTE_CHANGED, bao.pk, {"note": note.pk, "important": True})
    ]


def test_note_that_stays_the_same_leaves_no_trace(application, bao):
    note = NoteFactory(application=application, author=bao)

    change_note(note, note.text, is_important=False, by=bao, now=NOW)

    note.refresh_from_db()
    assert note.changed_at is None
    assert history(application) == []


def test_note_changed_in_another_window_is_not_written_over(application, bao):
    note = NoteFactory(application=application, author=bao)
    change_note(note, "Première fenêtre", is_important=False, by=bao, now=NOW)

    with pytest.raises(Refused) as refusal:
        change_note(note, "Seconde", is_important=False, by=bao, now=NOW, seen="2027-03-01T00:00")

    assert refusal.value.codes == ["changed"]


def test_note_is_deleted_and_the_history_keeps_that_there_was_one(application, bao):
    note = NoteFactory(application=application, author=bao)

    delete_note(note, by=bao)

    assert list(Note.objects.all()) == []
    assert history(application) == [(Event.NOTE_DELETED, bao.pk, {"note": note.pk})]


def test_note_deleted_meanwhile_is_said_to_be(application, bao):
    note = NoteFactory(application=application, author=bao)
    Note.objects.filter(pk=note.pk).delete()

    with pytest.raises(Refused) as refusal:
        delete_note(note, by=bao)

    assert refusal.value.codes == ["gone"]


def test_important_notes_come_first(application, bao):
    usual = write_note(application, "Un", by=bao, now=NOW)
    important = write_note(application, "Deux", is_important=True, by=bao, now=NOW)
    later = write_note(application, "Trois", by=bao, now=NOW)

    assert notes_of(application) == [important, later, usual]


def test_only_the_author_changes_a_note(application, bao):
    centre = application.intake.programme.commission.centre
    colleague = staff_member("manager", centre=centre)
    note = NoteFactory(application=application, author=bao)

    assert bao.has_perm("correspondence.change_note", note)
    assert not colleague.has_perm("correspondence.change_note", note)


def test_author_whose_rights_ended_changes_nothing(application, bao):
    note = NoteFactory(application=application, author=bao)
    bao.assignments.all().delete()

    assert not type(bao).objects.get(pk=bao.pk).has_perm("correspondence.change_note", note)


def test_notes_are_seen_by_staff_in_reach_and_never_by_the_candidate(application, bao, chris):
    note = NoteFactory(application=application)

    assert list(Note.objects.all().visible_to(bao)) == [note]
    assert list(Note.objects.all().visible_to(chris)) == []
    assert list(Note.objects.all().visible_to(application.candidate.user)) == []
    assert not application.candidate.user.has_perm("correspondence.read_notes", application)
