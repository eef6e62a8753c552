"""Documents that follow, what the nights do, and the reports about it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import SubmittedDocument
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.decisions.jobs import compare_handover
from candide.admissions.handover.domain.reconciling import compare
from candide.admissions.handover.domain.telling import LEASE
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.jobs import hand_over, hand_over_documents, nomenclatures
from candide.admissions.handover.models import (
    HandedDocument,
    PreEnrolment,
    SystemReport,
)
from candide.admissions.handover.tasks import (
    send_next_documents,
    take_over_nomenclatures,
    tell_next,
    tell_soon,
)
from candide.institution.reference.models import StudyRegime
from candide.integrations import sis
from candide.integrations.sis.demonstration import DemonstrationStudentSystem
from candide.integrations.sis.port import Unavailable
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import (
    Recording,
    admit,
    row_of,
    set_institution,
    tell_all,
)
from tests.factories.applications import ApplicationFactory, DocumentVersionFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import PreEnrolmentFactory, SystemReportFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
S = HandoverState
LIST = reverse("staff:handover")
ACT = reverse("staff:handover_act")
FILES = reverse("staff:handover_files")
REPORTS = reverse("staff:handover_reports")


class Run:
    """What a job is given."""

    def __init__(self):
        self.counts = {}
        self.failure = ""

    def count(self, **numbers):
        for name, number in numbers.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def beat(self):
        pass


# -- Documents -------------------------------------------------------------------------------------


@pytest.fixture
def with_document(confirmed):
    set_institution(handover_documents=True)
    requirement = DocumentRequirementFactory(sis_code="RNBAC")
    version = DocumentVersionFactory(
        candidate=confirmed.candidate,
        requirement=requirement,
        file=StoredFileFactory(),
        status=ItemStatus.APPROVED,
    )
    SubmittedDocument.objects.create(
        application=confirmed, requirement=requirement, version=version
    )
    return confirmed


def test_documents_follow_once_the_system_accepted(with_document):
    tell_all()
    waiting = HandedDocument.objects.get()

    sent, again_sent = send_next_documents(NOW), send_next_documents(NOW)

    assert (waiting.kind, waiting.state, sent, again_sent) == ("RNBAC", "to_send", 1, 0)
    assert HandedDocument.objects.get().state == "sent"


@pytest.mark.parametrize("lacks", ["approval", "code", "setting"])
def test_only_approved_documents_with_a_code_follow_where_that_is_wanted(with_document, lacks):
    """B-150."""
    given = SubmittedDocument.objects.get()
    if lacks == "approval":
        type(given.version).objects.update(status=ItemStatus.SUBMITTED)
    elif lacks == "code":
        type(given.requirement).objects.update(sis_code="")
    else:
        set_institution(handover_documents=False)

    tell_all()

    assert row_of(with_document).state == S.ACCEPTED
    assert not HandedDocument.objects.exists()


def test_document_that_cannot_be_sent_is_tried_later(with_document, monkeypatch):
    def refuse(*args, **names):
        raise LookupError("RNBAC")

    tell_all()
    monkeypatch.setattr(DemonstrationStudentSystem, "take_document", refuse)
    run = Run()

    send_next_documents(NOW)
    hand_over_documents(NOW, run)

    document = HandedDocument.objects.get()
    assert (document.state, document.attempts, run.counts) == ("to_send", 1, {})
    assert document.next_attempt_at == NOW + timedelta(minutes=1)


def test_no_document_follows_once_the_campaign_is_archived(with_document):
    tell_all()
    type(with_document).objects.update(archived_at=NOW)

    assert send_next_documents(NOW) == 0


def test_system_that_does_not_answer_is_asked_once(with_document, monkeypatch):
    asked = []

    def stay_silent(*args, **names):
        asked.append(args)
        raise Unavailable

    tell_all()
    first = HandedDocument.objects.get()
    HandedDocument.objects.create(
        pre_enrolment=first.pre_enrolment, kind="RN2", version=first.version, next_attempt_at=NOW
    )
    monkeypatch.setattr(DemonstrationStudentSystem, "take_document", stay_silent)

    hand_over_documents(NOW, Run())

    assert len(asked) == 1
    minute = NOW + timedelta(minutes=1)
    assert {each.next_attempt_at for each in HandedDocument.objects.all()} == {minute}
    assert sorted(HandedDocument.objects.values_list("attempts", flat=True)) == [0, 1]


def test_job_sends_what_is_left(with_document):
    tell_all()
    run = Run()

    hand_over_documents(NOW, run)

    assert run.counts == {"documents": 1}


def test_other_document_takes_the_place_of_one_that_was_sent(with_document, as_ada):
    tell_all()
    send_next_documents(NOW)
    document = HandedDocument.objects.get()
    version = DocumentVersionFactory(
        candidate=with_document.candidate,
        requirement=document.version.requirement,
        file=StoredFileFactory(),
        status=ItemStatus.APPROVED,
    )
    SubmittedDocument.objects.update(version=version)

    as_ada.post(ACT, {"verb": "replay", "which": "found", "confirmed": 1})
    tell_all()

    assert HandedDocument.objects.get().version == version
    assert HandedDocument.objects.get().state == "to_send"


def test_no_document_of_a_dossier_on_paper_follows(with_document):
    with_document.intake.is_paperless = False
    with_document.intake.save()

    tell_all()

    assert not HandedDocument.objects.exists()


# -- Jobs, sweeps, reports -------------------------------------------------------------------------


def test_sweep_tells_only_where_it_is_wanted_at_once(confirmed):
    set_institution(handover_at_once=False)
    PreEnrolment.objects.update(next_attempt_at=NOW - timedelta(days=1))
    by_night = tell_next(NOW)
    tell_soon()
    documents = send_next_documents(NOW)
    set_institution(handover_at_once=True)

    assert (by_night, documents, row_of(confirmed).state) == (0, 0, S.TO_SEND)
    assert tell_next(NOW) == 1
    tell_soon()


def test_job_tells_of_as_many_as_are_allowed_a_night(confirmed, bao):
    set_institution(handover_people=1)
    accept(again(admit_other(bao)), by=bao, now=NOW)
    run = Run()

    hand_over(NOW, run)

    assert run.counts == {"people": 1}
    assert sorted(PreEnrolment.objects.values_list("state", flat=True)) == [S.ACCEPTED, S.TO_SEND]
    set_institution(handover_people=None)
    hand_over(NOW, run)
    assert run.counts == {"people": 2}


@pytest.fixture
def system(monkeypatch):
    recording = Recording()
    monkeypatch.setitem(sis.SYSTEMS, "demonstration", lambda: recording)
    return recording


def test_job_that_takes_hours_leases_from_now_on(confirmed, system, now):
    began = now - timedelta(hours=2)
    PreEnrolment.objects.update(next_attempt_at=began)
    leases = []
    system.on_told = lambda: leases.append(row_of(confirmed).leased_until)

    hand_over(began, Run())

    assert leases == [now + LEASE]


def test_job_leaves_what_is_to_be_tried_after_it_began(confirmed, system, now):
    began = now - timedelta(hours=2)
    PreEnrolment.objects.update(next_attempt_at=began + timedelta(minutes=1))

    hand_over(began, Run())

    assert system.told == []


def admit_other(bao):
    return admit(ApplicationFactory(candidate=CandidateFactory(complete=True)), by=bao)


def test_comparison_finds_what_should_not_be_so(confirmed, bao, as_ada):
    tell_all()
    PreEnrolment.objects.all().delete()  # confirmed, and nobody knows of it
    lost = PreEnrolmentFactory(accepted=True)  # accepted, but the system does not hold it
    PreEnrolmentFactory(refused=True)
    PreEnrolmentFactory(attempts=9, last_error="Unavailable")
    late = PreEnrolmentFactory(sent=True, told_at=NOW - timedelta(days=9))
    type(late.application).objects.filter(pk=late.application_id).update(
        answer="", answered_at=None
    )
    withdrawn = PreEnrolmentFactory(accepted=True, is_code_by_hand=True)
    type(late.application).objects.filter(pk=withdrawn.application_id).update(answer="withdrawn")
    run = Run()

    compare_handover(NOW, run)

    report = SystemReport.objects.get()
    found = {(kind, application) for kind, application, _text in report.lines}
    assert ("not_prepared", confirmed.pk) in found
    assert ("not_held", lost.application_id) in found
    assert ("without_ground", withdrawn.application_id) in found
    assert ("unanswered", late.application_id) in found
    kinds = {kind for kind, _application in found}
    assert kinds == {
        "not_prepared",
        "not_held",
        "without_ground",
        "unanswered",
        "refused",
        "stuck",
    }
    assert run.counts["differences"] == report.counts["differences"] == 6
    page = words(as_ada.get(reverse("staff:handover_report", args=[report.pk])))
    assert "Acceptée, mais absente du SI scolarité" in page
    assert "Écarts 6" in page or "Différences 6" in page


def test_comparison_says_who_is_still_held(confirmed):
    tell_all()
    row = row_of(confirmed)
    PreEnrolment.objects.update(state=S.WITHDRAWN, is_wanted=False)

    report = compare(type(confirmed).objects.none(), now=NOW)

    assert report.lines == [["still_held", row.application_id, ""]]


def test_comparison_says_that_the_system_does_not_answer(confirmed, monkeypatch):
    def fail(self, references):
        raise Unavailable

    tell_all()
    monkeypatch.setattr(DemonstrationStudentSystem, "held", fail)
    monkeypatch.setattr("candide.admissions.handover.domain.reconciling.AT_ONCE", 1)

    report = compare(type(confirmed).objects.none(), now=NOW)

    assert report.lines == [["stuck", 0, "Le SI scolarité ne répond pas."]]


def test_nothing_is_compared_where_it_is_switched_off(db):
    set_institution(hands_over=False)

    compare_handover(NOW, Run())

    assert not SystemReport.objects.exists()


def test_nomenclatures_are_tried_without_changing_anything(as_ada):
    StudyRegime.objects.all().delete()
    address = reverse("staff:handover_nomenclatures")

    as_ada.post(address, {"try": 1})
    twice = words(as_ada.post(address, {"try": 1}, follow=True))
    assert (take_over_nomenclatures(NOW), take_over_nomenclatures(NOW)) == (1, 0)

    report = SystemReport.objects.get()
    assert "Il y en a déjà un en préparation." in twice
    assert (report.state, report.is_dry_run) == ("done", True)
    assert report.counts["study_regimes.added"] == 3
    assert not StudyRegime.objects.exists()
    page = words(as_ada.get(reverse("staff:handover_report", args=[report.pk])))
    assert "Ceci est un essai" in page


def test_nomenclatures_are_taken_over_and_what_vanished_stays(db):
    StudyRegime.objects.all().delete()
    gone = StudyRegime.objects.create(code="9", name="Ancien régime", source="csv")
    run = Run()

    nomenclatures(NOW, run)

    assert run.counts["added"] >= 3
    gone.refresh_from_db()
    assert gone.is_active
    assert StudyRegime.objects.filter(code="1", is_active=True).exists()


def test_nomenclatures_that_cannot_be_had_fail_the_job(db, monkeypatch):
    answers = iter([{"study_regimes": []}])

    def fail(self):
        try:
            return next(answers)
        except StopIteration:
            raise Unavailable("down") from None

    monkeypatch.setattr(DemonstrationStudentSystem, "nomenclatures", fail)
    run = Run()

    nomenclatures(NOW, run)

    assert run.failure
    assert SystemReport.objects.get().state == "failed"


def test_no_nomenclature_is_asked_of_nobody(settings, db):
    settings.STUDENT_SYSTEM = "none"

    nomenclatures(NOW, Run())

    assert not SystemReport.objects.exists()


def test_reports_are_listed(as_ada):
    SystemReportFactory(counts={"differences": 4})

    assert "Rapprochement des préinscriptions" in words(as_ada.get(REPORTS))
