"""The documents the student system holds [PJ-06, PJ-07]."""

from datetime import date, timedelta

import pytest

from candide.admissions.candidates.domain import student_documents
from candide.admissions.candidates.domain.student_documents import (
    fetch_documents,
    fetch_due_documents,
)
from candide.admissions.candidates.models import Candidate, StudentDocument
from candide.admissions.candidates.tasks import fetch_missed, fetch_soon
from candide.core.blockers import Blocker, Refused
from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import HeldDocument
from tests.factories.candidates import CandidateFactory
from tests.factories.files import StoredFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(monkeypatch):
    """What is given to be stored, by name; storing itself has its own tests."""
    given = {}

    def store(uploads, *, by, name):
        given[name] = uploads[0].read()
        return StoredFileFactory(name=name)

    monkeypatch.setattr(student_documents, "store", store)
    return given


@pytest.fixture
def alix(now):
    return CandidateFactory(student_number="22301457", is_imported=True, documents_wanted_at=now)


class Holding(DemonstrationStudentSystem):
    held = ()

    def held_documents(self, student_number, kinds=()):
        return list(self.held)


def held_now(monkeypatch, *documents):
    system = type("Held", (Holding,), {"held": documents})
    monkeypatch.setattr(system, "document_content", lambda *args: b"%PDF-1.7")
    monkeypatch.setitem(sis.SYSTEMS, "demonstration", system)


def rows():
    found = StudentDocument.objects.order_by("sis_code", "year")
    return list(found.values_list("sis_code", "year", "expires_on"))


def test_held_documents_are_stored(alix, stored, now):
    assert fetch_documents(alix.pk, now=now) is True

    assert rows() == [("RNBAC", "2023", None), ("RNL3", "2025-2026", None)]
    assert sorted(stored) == ["Relevé de notes de licence 3", "Relevé de notes du baccalauréat"]
    assert all(content.startswith(b"%PDF") for content in stored.values())
    alix.refresh_from_db()
    assert alix.documents_wanted_at is None


def test_latest_year_of_each_kind_counts(alix, stored, now, monkeypatch):
    """PJ-07."""
    held_now(
        monkeypatch,
        HeldDocument(code="RN", year="2024", name="Ancien"),
        HeldDocument(code="RN", year="2025", name="Nouveau"),
        HeldDocument(code="RN", year="2023", name="Premier"),
    )

    fetch_documents(alix.pk, now=now)

    assert rows() == [("RN", "2025", None)]


def test_what_is_held_no_more_is_forgotten_and_expiry_follows(alix, stored, now, monkeypatch):
    held_now(
        monkeypatch,
        HeldDocument(code="A", year="2025", name="a"),
        HeldDocument(code="B", year="2025", name="b"),
    )
    fetch_documents(alix.pk, now=now)
    ends = date(2027, 8, 31)
    held_now(monkeypatch, HeldDocument(code="B", year="2025", name="b", expires_on=ends))
    Candidate.objects.update(documents_wanted_at=now)
    stored.clear()

    fetch_documents(alix.pk, now=now)

    assert rows() == [("B", "2025", ends)]
    assert stored == {}  # not fetched a second time


@pytest.mark.parametrize("error", [LookupError("gone"), Refused([Blocker("damaged", "no")])])
def test_document_that_cannot_be_kept_is_left_out(alix, now, monkeypatch, error):
    """FILE-PER-07: errors are ignored."""

    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr(student_documents, "store", fail)

    fetch_documents(alix.pk, now=now)

    assert rows() == []
    alix.refresh_from_db()
    assert alix.documents_wanted_at is None


def test_silent_system_is_asked_again_later(alix, now, student_system_down):
    assert fetch_documents(alix.pk, now=now) is True

    alix.refresh_from_db()
    assert alix.documents_wanted_at == now + timedelta(minutes=10)
    assert fetch_due_documents(now=now) == 0
    assert fetch_due_documents(now=now + timedelta(minutes=10)) == 1


def test_each_candidate_is_asked_for_once(alix, stored, now):
    fetch_documents(alix.pk, now=now)

    assert fetch_documents(alix.pk, now=now) is False


def test_import_removed_meanwhile_keeps_its_documents_out(alix, stored, now, monkeypatch):
    real = student_documents.store

    def remove_then_store(*args, **kwargs):
        Candidate.objects.update(student_number="")
        return real(*args, **kwargs)

    monkeypatch.setattr(student_documents, "store", remove_then_store)

    fetch_documents(alix.pk, now=now)

    assert rows() == []


def test_worker_fetches_what_waits(alix, stored, now):
    fetch_soon(alix.pk)

    assert len(rows()) == 2
    assert fetch_missed(now) == 0
