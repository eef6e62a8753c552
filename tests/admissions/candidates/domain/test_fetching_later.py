"""What the student system did not answer is asked again, and the candidate told."""

from datetime import timedelta

import pytest

from candide.admissions.candidates.domain import fetching_later
from candide.admissions.candidates.domain.fetching_later import (
    catch_up,
    is_awaited,
    note_missed,
    wait_after,
)
from candide.admissions.candidates.domain.ine_register import check_in_register
from candide.admissions.candidates.enums import CandidateEvent, IneState, MissedKind
from candide.admissions.candidates.models import InternalStudies, MissedFetch
from candide.admissions.candidates.tasks import ask_what_was_missed
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import CheckMode
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory

INE, NUMBER = "230145789KH", "22301457"
LATER = timedelta(minutes=2)


@pytest.fixture
def alix(clementine):
    return CandidateFactory(
        birth_name="MARTIN",
        first_name="CLÉMENTINE",
        born_on=clementine.student.born_on,
        ine=INE,
        ine_state=IneState.CONFIRMED,
    )


@pytest.fixture
def imported(clementine):
    return CandidateFactory(is_imported=True, student_number=NUMBER)


def mailed():
    return sorted(OutgoingMail.objects.values_list("kind", flat=True))


def asked_later(user, kind, now):
    note_missed(user, kind, now=now)
    return catch_up(now=now + LATER)


def test_it_is_written_down_once(alix, now):
    for _time in range(2):
        note_missed(alix.user, MissedKind.INE, now=now)

    assert MissedFetch.objects.count() == 1
    assert is_awaited(alix.user)
    assert not is_awaited(UserFactory())


def test_it_is_not_asked_before_its_time(alix, now):
    note_missed(alix.user, MissedKind.INE, now=now)

    assert catch_up(now=now) == 0
    assert ask_what_was_missed(now + LATER) == 1


def test_who_was_signed_in_is_told_of_the_data_and_shown_none(clementine, now):
    user = UserFactory(student_number=NUMBER)

    assert asked_later(user, MissedKind.RECORD, now) == 1

    mail = OutgoingMail.objects.get(kind="student-data-found")
    assert "/espace/dossier/etudiant/" in mail.text
    assert "PRUNIERS" not in mail.text
    assert not is_awaited(user)
    assert entries_about(user).first().event == CandidateEvent.FETCHED_LATER


def test_who_gave_the_ine_of_a_student_is_told_to_prove_it(alix, now):
    assert asked_later(alix.user, MissedKind.INE, now) == 1

    mail = OutgoingMail.objects.get(kind="student-data-found")
    assert "/espace/dossier/etudiant/ine-connu/" in mail.text


@pytest.mark.parametrize("kind", list(MissedKind))
def test_where_there_is_nothing_to_say_nobody_is_written_to(clementine, kind, now):
    assert asked_later(UserFactory(), kind, now) == 1

    assert mailed() == []
    assert not MissedFetch.objects.exists()


@pytest.mark.parametrize("kind", [MissedKind.RECORD, MissedKind.INE])
def test_who_imported_meanwhile_is_not_written_to(imported, kind, now):
    asked_later(imported.user, kind, now)

    assert mailed() == []


def test_studies_arrive_later(imported, now):
    assert asked_later(imported.user, MissedKind.STUDIES, now) == 1

    assert imported.internal_studies.count() == 3
    assert mailed() == ["studies-arrived"]


def test_studies_of_an_import_removed_meanwhile_are_not_kept(imported, monkeypatch, now):
    def studies(system, number):
        type(imported).objects.update(student_number="")
        return []

    monkeypatch.setattr(DemonstrationStudentSystem, "studies", studies)
    asked_later(imported.user, MissedKind.STUDIES, now)

    assert mailed() == []
    assert not InternalStudies.objects.exists()


def test_silence_leaves_the_others_alone_and_waits_longer(alix, student_system_down, now):
    note_missed(alix.user, MissedKind.INE, now=now)
    note_missed(UserFactory(student_number=NUMBER), MissedKind.RECORD, now=now)

    assert catch_up(now=now + LATER) == 0

    first, other = MissedFetch.objects.order_by("-attempts")
    assert (first.attempts, other.attempts) == (1, 0)
    assert first.next_attempt_at == now + LATER + timedelta(minutes=2)


def test_waits_grow_and_have_an_end():
    minutes = [wait_after(number) // timedelta(minutes=1) for number in (0, 1, 3, 8, 60)]

    assert minutes == [1, 2, 8, 240, 240]


def test_what_another_worker_asks_is_not_asked_twice(alix, monkeypatch, now):
    note_missed(alix.user, MissedKind.INE, now=now)
    row = MissedFetch.objects.get()
    MissedFetch.objects.update(next_attempt_at=now + timedelta(hours=1))

    assert fetching_later._ask(row, now=now + LATER) is False
    assert mailed() == []


# -- The national register -------------------------------------------------------------------------
@pytest.fixture
def register(monkeypatch):
    """Say what the register answers."""

    def says(answer):
        monkeypatch.setattr(DemonstrationStudentSystem, "check_ine", lambda system, ine: answer)

    return says


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mode", "answer", "ine", "blocked", "warned"),
    [
        (CheckMode.REFUSE, False, INE, True, False),
        (CheckMode.WARN, False, INE, False, True),
        (CheckMode.OFF, False, INE, False, False),
        (CheckMode.REFUSE, True, INE, False, False),
        (CheckMode.REFUSE, None, INE, False, False),
        (CheckMode.REFUSE, False, "1856816120S", False, False),
    ],
)
def test_register_is_as_strict_as_the_institution(register, mode, answer, ine, blocked, warned):
    """A-098: numbers of the register alone are asked about."""
    register(answer)
    institution = Institution(rnie_check=mode)

    check = check_in_register(ine, institution=institution)

    assert (bool(check.blockers), bool(check.warnings)) == (blocked, warned)


def test_ine_the_register_does_not_know_is_told_later(alix, register, now):
    register(False)

    asked_later(alix.user, MissedKind.INE_CHECK, now)

    assert mailed() == ["ine-doubted"]


def test_ine_the_register_knows_says_nothing(alix, register, now):
    register(True)

    asked_later(alix.user, MissedKind.INE_CHECK, now)

    assert mailed() == []


def test_silent_register_raises(alix, monkeypatch):
    def silent(system, ine):
        raise Unavailable

    monkeypatch.setattr(DemonstrationStudentSystem, "check_ine", silent)

    with pytest.raises(Unavailable):
        check_in_register(INE, institution=Institution(rnie_check=CheckMode.WARN))
