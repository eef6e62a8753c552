"""What staff decide about a dossier, and cancelling [back-office 14.4, 14.5, CANCEL]."""

from datetime import timedelta

import pytest

from candide.admissions.applications.domain.cancelling import (
    cancel,
    cancelling_blockers,
    restore,
    restoring_blockers,
)
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.examining import (
    declare_status,
    extend_documents_due,
    set_route,
    status_warnings,
)
from candide.admissions.applications.enums import EDITABLE_STATUSES, DossierStatus, ItemStatus
from candide.core.blockers import Refused
from candide.foundation.history.domain.log import entries_about
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again
from tests.factories.applications import ApplicationFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "kind", "dated", "snapshots"),
    [
        (DossierStatus.AWAITED, "status-awaited", None, 0),
        (DossierStatus.RECEIVED, "status-received", "received_on", 1),
        (DossierStatus.INCOMPLETE, "status-incomplete", "incomplete_on", 0),
        (DossierStatus.COMPLETE, "status-complete", "complete_on", 1),
    ],
)
def test_declare_status_dates_tells_and_freezes(application, bao, status, kind, dated, snapshots):
    declare_status(application, status, by=bao, now=NOW)

    application = again(application)
    assert application.dossier_status == status
    assert [
        n for n in ("received_on", "incomplete_on", "complete_on") if getattr(application, n)
    ] == ([dated] if dated else [])
    assert application.snapshots.count() == snapshots
    assert [mail.kind for mail in OutgoingMail.objects.all()] == [kind]
    entry = entries_about(application).filter(event="applications.status_set").get()
    assert (entry.by_id, entry.data["after"]) == (bao.pk, status)


def test_declare_status_the_mail_lists_what_to_mend(application, alix, bao, stored_file):
    requirement = DocumentRequirementFactory(common=True, label="Relevé de notes")
    give_document(application, requirement, stored_file(), by=alix.user, now=NOW)
    check_documents(
        application, [requirement], ItemStatus.REFUSED, comment="Illisible", by=bao, now=NOW
    )

    declare_status(application, DossierStatus.INCOMPLETE, by=bao, now=NOW)

    assert "Relevé de notes : Illisible" in OutgoingMail.objects.get().text


@pytest.mark.parametrize(
    ("is_paperless", "documents", "questions", "said"),
    [
        (True, 1, 0, {"Relevé", "Transmettez"}),
        (True, 0, 1, {"Langue", "Transmettez"}),
        (True, 0, 0, {"sont là", "Transmettez"}),
        (False, 1, 0, {"Relevé", "Envoyez ces pièces"}),
        (False, 0, 1, {"Langue", "Répondez à ces questions"}),
        (False, 1, 1, {"Relevé", "Langue", "Envoyez ces pièces", "Répondez à ces questions"}),
        (False, 0, 0, {"Demandez à la commission ce qui y manque"}),
    ],
)
def test_declare_status_incomplete_asks_for_what_lacks(
    application, bao, is_paperless, documents, questions, said
):
    """Nobody is told to post documents none of which is named, nor left without the questions."""
    application.intake.is_paperless = is_paperless
    application.intake.save()
    DocumentRequirementFactory.create_batch(documents, common=True, label="Relevé")
    QuestionFactory.create_batch(questions, common=True, label="Langue")

    declare_status(application, DossierStatus.INCOMPLETE, by=bao, now=NOW)

    text = OutgoingMail.objects.get().text
    sentences = {
        *("Relevé", "Langue", "sont là", "Transmettez", "Envoyez ces pièces"),
        *("Répondez à ces questions", "Demandez à la commission ce qui y manque"),
    }
    assert {sentence for sentence in sentences if sentence in text} == said


def test_declare_status_incomplete_names_things_in_the_language_of_the_candidate(
    application, alix, bao
):
    alix.user.language = "en"
    alix.user.save()
    DocumentRequirementFactory(common=True, label={"fr": "Relevé", "en": "Transcript"})
    QuestionFactory(common=True, label={"fr": "Langue", "en": "Foreign language"})

    declare_status(application, DossierStatus.INCOMPLETE, by=bao, now=NOW)

    text = OutgoingMail.objects.get().text
    assert "Transcript" in text
    assert "Foreign language" in text


@pytest.mark.parametrize(
    ("fields", "on", "expected"),
    [
        ({"cancelled_at": NOW}, NOW.date(), ["cancelled"]),
        ({"archived_at": NOW}, NOW.date(), ["archived"]),
        ({}, NOW.date() + DAY, ["in_the_future"]),
    ],
)
def test_declare_status_refused(application, bao, fields, on, expected):
    for name, value in fields.items():
        setattr(application, name, value)
    application.save()

    with pytest.raises(Refused) as refusal:
        declare_status(application, DossierStatus.COMPLETE, by=bao, now=NOW, on=on)

    assert refusal.value.codes == expected
    assert not OutgoingMail.objects.exists()


def warned_of(application, status, **more):
    warnings = status_warnings(application, status, today=NOW.date(), **more)
    return [warning.code for warning in warnings]


def test_status_warnings_say_what_is_unwise(application):
    assert warned_of(application, DossierStatus.INCOMPLETE) == ["nothing_to_mend"]
    DocumentRequirementFactory(common=True)
    assert warned_of(application, DossierStatus.COMPLETE) == ["documents_open"]
    assert warned_of(application, DossierStatus.INCOMPLETE) == []
    application.transmitted_at = NOW
    assert warned_of(application, DossierStatus.AWAITED) == ["all_reopens"]


def test_status_warnings_a_question_can_be_answered(application):
    QuestionFactory(common=True)

    assert warned_of(application, DossierStatus.INCOMPLETE) == []


def test_status_warnings_something_to_mend_once_it_is_asked_for_again(application):
    assert warned_of(application, DossierStatus.INCOMPLETE, request_again=[1]) == []


@pytest.mark.parametrize("status", DossierStatus)
@pytest.mark.parametrize(("days", "is_past"), [(0, False), (1, True)])
def test_status_warnings_what_reopens_past_the_last_day(application, bao, status, days, is_past):
    """A dossier reopened past its last day cannot be transmitted; an individual day counts."""
    DocumentRequirementFactory(common=True)
    last = application.documents_due_on
    today = last + days * DAY
    reopens = status in EDITABLE_STATUSES

    codes = [b.code for b in status_warnings(application, status, today=today)]
    assert ("deadline_passed" in codes) == (is_past and reopens)

    application.documents_extended_to = today
    codes = [b.code for b in status_warnings(application, status, today=today)]
    assert "deadline_passed" not in codes


def test_set_route_controlled_tells_the_candidate(application, bao):
    application.route = AdmissionRoute.UNDETERMINED
    application.is_route_confirmed = False
    application.save()

    set_route(application, AdmissionRoute.CONTROLLED, by=bao, now=NOW)
    set_route(application, AdmissionRoute.CONTROLLED, by=bao, now=NOW)

    application = again(application)
    assert (application.route, application.is_route_confirmed) == (AdmissionRoute.CONTROLLED, True)
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["route-controlled"]


@pytest.mark.parametrize(
    ("wants_it", "status"), [(True, DossierStatus.AWAITED), (False, DossierStatus.COMPLETE)]
)
def test_set_route_may_put_the_dossier_back(application, bao, wants_it, status):
    """B-127."""
    Institution.current()
    Institution.objects.update(reset_status_on_route_change=wants_it)
    declare_status(application, DossierStatus.COMPLETE, by=bao, now=NOW)

    set_route(application, AdmissionRoute.DIRECT, by=bao, now=NOW)

    assert again(application).dossier_status == status


def test_set_route_of_a_cancelled_application_is_refused(bao):
    cancelled = ApplicationFactory(cancelled=True)

    with pytest.raises(Refused) as refusal:
        set_route(again(cancelled), AdmissionRoute.DIRECT, by=bao, now=NOW)

    assert refusal.value.codes == ["cancelled"]


def test_extend_documents_due_later_never_earlier(application, bao):
    later = application.intake.documents_due_on + 5 * DAY

    extend_documents_due(application, later, by=bao, now=NOW)
    assert again(application).documents_due_on == later
    extend_documents_due(application, None, by=bao, now=NOW)
    assert again(application).documents_due_on == application.intake.documents_due_on
    with pytest.raises(Refused) as refusal:
        extend_documents_due(application, NOW.date() - DAY, by=bao, now=NOW)
    assert refusal.value.codes == ["in_the_past"]


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({}, []),
        ({"transmitted": True}, ["being_treated"]),
        ({"incomplete": True}, ["being_treated"]),
        ({"has_any_decision": True}, ["being_decided"]),
        ({"offered": True}, ["being_treated", "being_decided"]),
        ({"cancelled": True}, ["cancelled"]),
        ({"archived_at": NOW}, ["archived"]),
    ],
)
def test_cancelling_blockers(db, traits, expected):
    application = ApplicationFactory(**traits)

    assert [b.code for b in cancelling_blockers(application)] == expected


def test_cancel_tells_both_and_restore_undoes(application, alix, bao):
    commission = application.intake.programme.commission
    commission.alert_email = "alerte@example.org"
    commission.save()

    cancel(application, by=alix.user, now=NOW)
    assert again(application).is_cancelled
    assert sorted(OutgoingMail.objects.values_list("kind", flat=True)) == [
        "application-cancelled",
        "commission-cancellation",
    ]
    restore(application, by=bao, now=NOW)
    assert not again(application).is_cancelled


def test_restoring_blockers(application, alix):
    assert [b.code for b in restoring_blockers(application)] == ["not_cancelled"]
    cancel(application, by=alix.user, now=NOW)
    ApplicationFactory(candidate=alix, intake=application.intake)

    assert [b.code for b in restoring_blockers(again(application))] == ["applied_again"]
