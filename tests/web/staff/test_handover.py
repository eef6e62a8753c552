"""« Remontée » : the list, doing it again, putting aside, files, reports, the code by hand."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse

from candide.admissions.applications.enums import ItemStatus
from candide.admissions.applications.models import SubmittedDocument
from candide.admissions.decisions.domain.answering import accept
from candide.admissions.decisions.jobs import compare_handover
from candide.admissions.handover.domain.reconciling import compare
from candide.admissions.handover.enums import HandoverState
from candide.admissions.handover.jobs import hand_over, hand_over_documents, nomenclatures
from candide.admissions.handover.models import (
    Delivery,
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
from candide.foundation.downloads.domain.making import work
from candide.foundation.downloads.models import Download
from candide.foundation.files.domain.blobs import open_file
from candide.institution.access.enums import Capability
from candide.institution.mails.models import OutgoingMail
from candide.institution.reference.models import StudyRegime
from tests.admissions.conftest import NOW, again
from tests.admissions.handover.conftest import Recording, admit, row_of, set_institution, tell_all
from tests.factories.applications import DocumentVersionFactory
from tests.factories.files import StoredFileFactory
from tests.factories.handover import PreEnrolmentFactory, SystemReportFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.web.conftest import words, words_inside
from tests.web.staff.conftest import member, staff

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


@pytest.fixture
def hands_over(db):
    set_institution(hands_over=True)


@pytest.fixture
def confirmed(hands_over, application, bao):
    admitted = admit(application, by=bao)
    accept(admitted, by=admitted.candidate.user, now=NOW)
    return again(admitted)


def state_of(row):
    return PreEnrolment.objects.values_list("state", flat=True).get(pk=row.pk)


# -- The list --------------------------------------------------------------------------------------


def test_list_counts_by_state_and_finds_by_name_number_code_and_programme(as_ada, confirmed):
    row = row_of(confirmed)
    PreEnrolment.objects.update(code="EC7K2M9Q")
    PreEnrolmentFactory(refused=True)
    number = confirmed.candidate.user.file_number

    everything = as_ada.get(LIST)
    by_state = as_ada.get(LIST, {"state": "to_send"})
    searches = [
        as_ada.get(LIST, {"q": q}).context["rows"]
        for q in (str(number), "ec7k2m9q", confirmed.intake.programme.code)
    ]

    numbers = {value: count for value, _label, count, _url in everything.context["states"]}
    assert (numbers[S.TO_SEND], numbers[S.REFUSED], len(everything.context["rows"])) == (1, 1, 2)
    assert "Formation inconnue : M1X" in words(everything)
    assert by_state.context["rows"] == [row]
    assert searches == [[row]] * 3


def test_manager_sees_the_own_centre_alone_and_may_not_steer(as_bao, confirmed):
    PreEnrolmentFactory()

    page = as_bao.get(LIST)

    assert page.context["rows"] == [row_of(confirmed)]
    assert as_bao.post(ACT, {"verb": "replay", "which": "found"}).status_code == 403


def test_older_ones_follow(as_ada, confirmed, monkeypatch):
    monkeypatch.setattr("candide.web.staff.handover.pages.PAGE", 1)
    newer = PreEnrolmentFactory()

    first = as_ada.get(LIST)
    second = as_ada.get(LIST + first.context["older"])

    assert (first.context["rows"], second.context["rows"]) == ([newer], [row_of(confirmed)])


def test_replaying_asks_with_the_number_and_then_does_it(as_ada, confirmed):
    tell_all()
    row = row_of(confirmed)
    gone = PreEnrolmentFactory(withdrawn=True)

    asked = as_ada.post(ACT, {"verb": "replay", "ids": [row.pk, gone.pk]})
    before = state_of(row)
    done = as_ada.post(
        ACT, {"verb": "replay", "ids": [row.pk, gone.pk], "confirmed": 1}, follow=True
    )

    assert (asked.context["number"], before) == (2, S.ACCEPTED)
    assert (state_of(row), state_of(gone)) == (S.TO_SEND, S.WITHDRAWN)
    assert "1 préinscription est remontée à nouveau." in words(done)


def test_refused_withdrawal_is_replayed_as_a_withdrawal(as_ada, hands_over):
    row = PreEnrolmentFactory(refused=True, is_wanted=False, is_held=True)

    as_ada.post(ACT, {"verb": "replay", "ids": row.pk, "confirmed": 1, "back": row.pk})

    assert state_of(row) == S.TO_WITHDRAW


def test_everything_found_is_put_aside(as_ada, confirmed):
    refused, accepted = PreEnrolmentFactory(refused=True), PreEnrolmentFactory(accepted=True)

    as_ada.post(ACT, {"verb": "aside", "which": "found", "confirmed": 1})

    states = [state_of(row) for row in (row_of(confirmed), refused, accepted)]
    assert states == [S.ASIDE, S.ASIDE, S.ACCEPTED]
    assert PreEnrolment.objects.get(pk=refused.pk).reason == ""
    assert tell_all() == 0


def test_what_is_being_told_is_not_put_aside(as_ada, confirmed):
    leased = NOW + timedelta(minutes=5)
    PreEnrolment.objects.update(claim="6f1a2c54-3ad4-4d57-9c1b-111111111111", leased_until=leased)

    page = as_ada.post(
        ACT, {"verb": "aside", "which": "found", "state": "to_send", "confirmed": 1}, follow=True
    )

    assert "Rien de ce qui a été choisi ne pouvait être modifié." in words(page)
    assert row_of(confirmed).state == S.TO_SEND


@pytest.mark.parametrize("data", [{}, {"verb": "steal", "which": "found"}, {"verb": "replay"}])
def test_nothing_chosen_changes_nothing(as_ada, confirmed, data):
    assert "Rien n’a été choisi." in words(as_ada.post(ACT, data, follow=True))


def test_too_many_at_once_are_refused(as_ada, confirmed, monkeypatch):
    monkeypatch.setattr("candide.admissions.handover.domain.replaying.MOST_AT_ONCE", 0)

    page = as_ada.post(ACT, {"verb": "replay", "which": "found", "confirmed": 1}, follow=True)

    assert "Au plus 0 à la fois" in words(page)


def test_page_of_one_says_why_and_when_it_is_tried_again(as_ada, confirmed):
    PreEnrolment.objects.update(attempts=2, last_error="Unavailable")
    address = reverse("staff:handover_row", args=[row_of(confirmed).pk])

    page = words(as_ada.get(address))

    assert "L’envoi n’a pas encore abouti. Unavailable" in page
    assert "Prochain essai" in page or "Prochaine tentative" in page


def test_refusals_are_counted_on_the_first_page(as_ada, hands_over):
    PreEnrolmentFactory(refused=True)

    assert "1 refusées par le SI scolarité" in words(as_ada.get(reverse("staff:today")))


# -- Files -----------------------------------------------------------------------------------------


@pytest.fixture
def delivered(confirmed, settings):
    settings.STUDENT_SYSTEM = "files"
    set_institution(handover_documents=True)
    tell_all()
    return Delivery.objects.get()


def test_files_are_taken_one_by_one_and_it_is_in_the_history(as_ada, delivered):
    file = delivered.files.select_related("file").order_by("pk")[0]

    response = as_ada.post(reverse("staff:handover_file", args=[delivered.pk, file.pk]))

    assert b"".join(response).startswith(b'"numero_candidat";')
    assert "attachment" in response["Content-Disposition"]
    assert "candidat-20270315.csv" in words(as_ada.get(FILES))


def test_archive_holds_files_and_documents_of_who_is_in_them(as_ada, confirmed, delivered):
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

    response = as_ada.post(reverse("staff:handover_archive", args=[delivered.pk]))
    work(clock=lambda: NOW)

    download = Download.objects.get()
    assert response["Location"] == reverse("staff:download", args=[download.pk])
    with open_file(download.file) as content:
        names = zipfile.ZipFile(BytesIO(content.read())).namelist()
    number = confirmed.candidate.user.file_number
    assert names == [
        "candidat-20270315.csv",
        "candidature-20270315.csv",
        "inscription-20270315.csv",
        f"pieces/{number}/PJ_RNBAC_{number}_{confirmed.pk}.pdf",
    ]


def test_who_lost_the_right_gets_no_archive(as_ada, delivered):
    as_ada.post(reverse("staff:handover_archive", args=[delivered.pk]))
    Download.objects.update(asked_by=staff("manager"))

    work(clock=lambda: NOW)

    assert Download.objects.get().file is None


def test_loaded_files_make_their_people_accepted_once(as_ada, confirmed, delivered):
    address = reverse("staff:handover_loaded", args=[delivered.pk])

    said = words(as_ada.post(address, follow=True))
    twice = words(as_ada.post(address, follow=True))

    assert "1 préinscription est dans le SI scolarité." in said
    assert "déjà déclarés chargés" in twice
    assert row_of(confirmed).state == S.ACCEPTED


def test_next_files_are_asked_of_the_job(as_ada, confirmed, settings):
    settings.STUDENT_SYSTEM = "files"

    first = words(as_ada.post(reverse("staff:handover_prepare"), follow=True))
    second = words(as_ada.post(reverse("staff:handover_prepare"), follow=True))

    assert "Les fichiers sont en préparation" in first
    assert "Les fichiers sont en préparation" not in second.replace(first, "")


# -- The code by hand [B-101] ----------------------------------------------------------------------


def code_of(**values):
    return {f"code-{name}": value for name, value in values.items()}


def test_code_is_entered_counts_as_handed_over_and_is_told(as_bao, hands_over, application, bao):
    admitted = admit(application, by=bao)
    address = reverse("staff:enter_code", args=[admitted.pk])

    page = as_bao.post(address, code_of(seen="", code="ab12", with_mail="on"), follow=True)

    row = row_of(admitted)
    assert (row.state, row.code, row.is_code_by_hand) == (S.ACCEPTED, "AB12", True)
    assert "le candidat est prévenu par mail" in words(page)
    mail = OutgoingMail.objects.get(kind="enrolment-code-changed", copy_to="")
    assert "AB12" in mail.text
    assert tell_all() == 0


def test_code_without_mail(as_bao, confirmed):
    mark = f"|{row_of(confirmed).turn}"

    as_bao.post(reverse("staff:enter_code", args=[confirmed.pk]), code_of(seen=mark, code="AB12"))

    assert row_of(confirmed).code == "AB12"
    assert not OutgoingMail.objects.filter(kind="enrolment-code-changed").exists()


@pytest.mark.parametrize(
    ("code", "seen", "status"), [("", "", 422), ("A-1", "|1", 409), ("AB1", "old", 409)]
)
def test_wrong_or_stale_code_is_refused_with_what_was_typed(as_bao, confirmed, code, seen, status):
    address = reverse("staff:enter_code", args=[confirmed.pk])

    response = as_bao.post(address, code_of(seen=seen, code=code))

    assert response.status_code == status
    assert row_of(confirmed).code == ""


def test_nobody_who_was_not_admitted_gets_a_code(as_bao, hands_over, application):
    address = reverse("staff:enter_code", args=[application.pk])

    response = as_bao.post(address, code_of(seen="", code="AB12"))

    assert response.status_code == 409
    assert "Seul un candidat admis" in words(response)
    assert (
        as_bao.get(reverse("staff:application", args=[application.pk])).context["code_form"] is None
    )


def test_code_that_is_being_told_waits(as_bao, confirmed):
    leased = NOW + timedelta(minutes=5)
    PreEnrolment.objects.update(claim="6f1a2c54-3ad4-4d57-9c1b-111111111111", leased_until=leased)
    mark = f"|{row_of(confirmed).turn}"

    response = as_bao.post(
        reverse("staff:enter_code", args=[confirmed.pk]), code_of(seen=mark, code="AB12")
    )

    assert response.status_code == 409


def test_candidate_reads_the_code_once_the_system_knows_them(client, confirmed):
    client.force_login(confirmed.candidate.user)
    address = reverse("candidate:application", args=[confirmed.pk])

    before = words_inside(client.get(address))
    tell_all()
    after = words_inside(client.get(address))

    code = f"EC{confirmed.candidate.user.file_number}"
    assert code not in before
    assert f"Code d’inscription {code}" in after


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


def test_document_that_cannot_be_sent_is_tried_later(with_document, monkeypatch):
    def refuse(*args):
        raise LookupError("RNBAC")

    tell_all()
    monkeypatch.setattr(Recording.__mro__[1], "take_document", refuse)
    run = Run()

    send_next_documents(NOW)
    hand_over_documents(NOW, run)

    document = HandedDocument.objects.get()
    assert (document.state, document.attempts, run.counts) == ("to_send", 1, {})
    assert document.next_attempt_at == NOW + timedelta(minutes=1)


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


def admit_other(bao):
    from tests.factories.applications import ApplicationFactory
    from tests.factories.candidates import CandidateFactory

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
    from candide.integrations.sis.demonstration import DemonstrationStudentSystem
    from candide.integrations.sis.port import Unavailable

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
    from candide.integrations.sis.demonstration import DemonstrationStudentSystem
    from candide.integrations.sis.port import Unavailable

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


def test_who_hands_over_in_one_centre_steers_there_alone(client, confirmed):
    centre = confirmed.intake.programme.commission.centre
    client.force_login(member(Capability.MANAGE_HANDOVER, centre=centre))
    other = PreEnrolmentFactory(refused=True)

    client.post(ACT, {"verb": "aside", "ids": [row_of(confirmed).pk, other.pk], "confirmed": 1})

    assert (row_of(confirmed).state, state_of(other)) == (S.ASIDE, S.REFUSED)
    assert client.get(FILES).status_code == 403
