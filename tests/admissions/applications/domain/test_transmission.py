"""Transmission [TRANS] and the frozen dossier [FILE-06 REC]."""

from datetime import timedelta
from functools import partial

import pytest

from candide.admissions.applications.domain import receipt as receipt_module
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    remove_document,
)
from candide.admissions.applications.domain.dossier import current_dossier, render_snapshot
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.domain.questions import (
    declare_question_not_concerned,
    save_answer,
)
from candide.admissions.applications.domain.snapshot import (
    dossier_data,
    fingerprint,
    latest_snapshot,
    unrendered,
)
from candide.admissions.applications.domain.transmission import transmission_blockers, transmit
from candide.admissions.applications.enums import DossierStatus
from candide.admissions.applications.models import Snapshot
from candide.admissions.applications.tasks import draw_receipts
from candide.core.blockers import Refused
from candide.foundation.files.enums import ScanStatus
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


TODAY = NOW.date()


def codes(application, today=TODAY, **more):
    return [b.code for b in transmission_blockers(again(application), today=today, **more)]


def test_transmission_blockers_nothing_asked_is_possible(application):
    assert codes(application) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"dossier_status": DossierStatus.RECEIVED}, ["already_transmitted"]),
        ({"dossier_status": DossierStatus.COMPLETE}, ["already_transmitted"]),
        ({"dossier_status": DossierStatus.INCOMPLETE}, []),
        ({"cancelled_at": NOW}, ["cancelled"]),
        ({"archived_at": NOW}, ["archived"]),
    ],
)
def test_transmission_blockers_by_state(application, fields, expected):
    for name, value in fields.items():
        setattr(application, name, value)
    application.save()

    assert codes(application) == expected


def test_transmission_blockers_deadline_is_the_whole_day(application):
    due = application.intake.documents_due_on

    assert codes(application, due) == []
    assert codes(application, due + timedelta(days=1)) == ["too_late"]
    assert codes(application, due + timedelta(days=1), enforce_deadline=False) == []


def test_transmission_blockers_paper_has_none_to_transmit(alix):
    paper = ApplicationFactory(candidate=alix, intake=IntakeFactory(open=True, paper=True))

    assert codes(paper) == ["paper"]


def test_transmission_blockers_everywhere_paper_when_the_institution_is(application):
    Institution.current()
    Institution.objects.update(is_paperless=False)

    assert codes(application) == ["paper"]


def test_transmission_blockers_name_every_item(application, alix, bao, stored_file):
    missing, refused, infected, wanted = (
        DocumentRequirementFactory(common=True, position=position) for position in range(1, 5)
    )
    question = QuestionFactory(common=True)
    QuestionFactory(common=True, is_required=False)
    for requirement, scan in (
        (refused, ScanStatus.NOT_SCANNED),
        (infected, ScanStatus.INFECTED),
        (wanted, ScanStatus.NOT_SCANNED),
    ):
        file = stored_file(scan_status=scan, scanned_at=NOW)
        version = give_document(application, requirement, file, by=alix.user, now=NOW)
        if requirement == refused:
            version.status = "refused"
            version.save()
    again(application).submitted_documents.filter(requirement=wanted).update(
        is_requested_again=True
    )

    found = transmission_blockers(again(application), today=NOW.date())

    assert [(b.code, b.about) for b in found] == [
        ("document_missing", f"document:{missing.pk}"),
        ("document_refused", f"document:{refused.pk}"),
        ("document_infected", f"document:{infected.pk}"),
        ("document_requested", f"document:{wanted.pk}"),
        ("question_unanswered", f"question:{question.pk}"),
    ]


def test_transmit_freezes_acknowledges_and_tells(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True)
    version = give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    commission = application.intake.programme.commission
    commission.alert_email = "alerte@example.org"
    commission.save()

    snapshot = transmit(application, by=alix.user, now=NOW + MINUTE)

    application = again(application)
    assert application.dossier_status == DossierStatus.RECEIVED
    assert (application.transmitted_at, application.frozen_at) == (NOW + MINUTE, NOW + MINUTE)
    assert application.received_on == NOW.date()
    assert list(snapshot.documents.all()) == [version]
    assert snapshot.data_sha256 == fingerprint(snapshot.data)
    assert snapshot.receipt.media_type == "application/pdf"
    assert sorted(OutgoingMail.objects.values_list("kind", "to")) == [
        ("commission-transmission", "alerte@example.org"),
        ("dossier-received", alix.user.email),
    ]
    receipt_mail = OutgoingMail.objects.get(kind="dossier-received")
    assert [one.file for one in receipt_mail.attachments.all()] == [snapshot.receipt]
    assert snapshot.data_sha256 in receipt_mail.text
    assert "joint à ce message" in receipt_mail.text
    assert "disponible sous peu" not in receipt_mail.text


def test_transmit_in_time_though_the_receipt_cannot_be_drawn(application, alix, monkeypatch):
    """TRANS-05: the moment and the SHA-256 are told at once, and where the PDF will be."""

    def fail(*args, **kwargs):
        raise OSError("no font")

    with monkeypatch.context() as broken:
        broken.setattr(receipt_module, "render", fail)
        snapshot = transmit(application, by=alix.user, now=NOW)
        assert draw_receipts(NOW) == 1
        assert draw_receipts(NOW) == 0

    assert again(application).dossier_status == DossierStatus.RECEIVED
    mail = OutgoingMail.objects.get(kind="dossier-received")
    assert not mail.attachments.exists()
    assert snapshot.data_sha256 in mail.text
    assert "joint à ce message" not in mail.text
    assert "disponible sous peu sur la page de votre candidature" in mail.text
    assert draw_receipts(NOW + HOUR) == 1
    assert draw_receipts(NOW + 2 * HOUR) == 0
    snapshot.refresh_from_db()
    assert snapshot.receipt.media_type == "application/pdf"


def test_transmit_refused_changes_nothing(application, alix):
    DocumentRequirementFactory(common=True)

    with pytest.raises(Refused) as refusal:
        transmit(application, by=alix.user, now=NOW)

    assert refusal.value.codes == ["document_missing"]
    assert again(application).dossier_status == DossierStatus.AWAITED
    assert not Snapshot.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_nothing_of_a_transmitted_dossier_can_be_changed(application, alix, stored_file):
    """S0-19: neither its documents nor its answers, though they are optional."""
    given, conditional = (
        DocumentRequirementFactory(common=True, conditional=conditional)
        for conditional in (False, True)
    )
    answered, declined = (
        QuestionFactory(common=True, conditional=True, is_required=False) for _ in range(2)
    )
    give_document(application, given, stored_file(), by=alix.user, now=NOW)
    declare_not_concerned(application, conditional, by=alix.user, now=NOW)
    transmit(application, by=alix.user, now=NOW)
    changes = (
        partial(give_document, application, given, stored_file()),
        partial(remove_document, application, given),
        partial(remove_document, application, conditional),
        partial(declare_not_concerned, application, conditional),
        partial(save_answer, application, answered, "Oui"),
        partial(declare_question_not_concerned, application, declined),
    )

    refusals = []
    for change in changes:
        with pytest.raises(Refused) as refusal:
            change(by=alix.user, now=NOW + MINUTE)
        refusals.append(refusal.value.codes)

    assert refusals == [["already_transmitted"]] * len(changes)


def test_snapshot_keeps_what_was_given_when_the_file_changes(application, alix, bao):
    transmit(application, by=alix.user, now=NOW)
    before = latest_snapshot(application).data
    alix.birth_name = "DURAND"
    alix.save()

    assert latest_snapshot(application).data == before
    assert dossier_data(again(application), now=NOW)["file"]["name"] == "DURAND ALIX"


def test_transmit_again_supersedes_and_keeps_the_first(application, alix, bao):
    first = transmit(application, by=alix.user, now=NOW)
    declare_status(application, DossierStatus.INCOMPLETE, by=bao, now=NOW + MINUTE)

    second = transmit(application, by=alix.user, now=NOW + 2 * MINUTE)

    assert [s.number for s in application.snapshots.order_by("number")] == [1, 2]
    assert (first.number, latest_snapshot(application)) == (1, second)


def test_fingerprint_changes_with_any_value():
    assert fingerprint({"a": 1, "b": [1]}) == fingerprint({"b": [1], "a": 1})
    assert fingerprint({"a": 1, "b": [1]}) != fingerprint({"a": 1, "b": [2]})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_current_dossier_is_frozen_once_received_and_live_before(application, alix, language):
    QuestionFactory(common=True, label="Langue ?")
    live = current_dossier(application, language=language, now=NOW)
    save_answer(application, application_question(application), "Oui", by=alix.user, now=NOW)
    transmit(application, by=alix.user, now=NOW)

    frozen = current_dossier(again(application), language=language, now=NOW)

    assert live.content.startswith(b"%PDF")
    assert frozen.content.startswith(b"%PDF")
    assert live.content != frozen.content
    assert live.name == (
        f"dossier-{alix.user.file_number}_MARTIN_ALIX-{application.intake.programme.code}.pdf"
    )


def application_question(application):
    from candide.admissions.applications.domain.asked import asked_questions

    return asked_questions(application)[0].question


def test_render_snapshot_once_and_after_a_lost_spur(application, alix):
    snapshot = transmit(application, by=alix.user, now=NOW)
    assert unrendered(now=NOW).get() == snapshot

    render_snapshot(snapshot.pk, now=NOW)
    snapshot.refresh_from_db()
    made = snapshot.pdf
    render_snapshot(snapshot.pk, now=NOW + HOUR)
    snapshot.refresh_from_db()

    assert not unrendered(now=NOW + HOUR).exists()
    assert snapshot.pdf == made


def test_current_dossier_names_what_it_withholds(application, alix, stored_file):
    requirement = DocumentRequirementFactory(common=True, label="Relevé")
    file = stored_file(scan_status=ScanStatus.PENDING)
    give_document(application, requirement, file, by=alix.user, now=NOW)

    assert current_dossier(application, language="fr", now=NOW).skipped == ["Relevé"]
