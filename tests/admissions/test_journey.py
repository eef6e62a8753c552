"""The whole journey through the domain, without pages: what the guides promise, in order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from candide.admissions.applications.domain.applying import apply_to, applying_blockers
from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import give_document
from candide.admissions.applications.domain.dossier import current_dossier
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.domain.transmission import transmission_blockers, transmit
from candide.admissions.applications.enums import (
    CandidateAnswer,
    DossierStatus,
    ItemStatus,
    Outcome,
)
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import accept, withdraw
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionType
from candide.core.clock import localdate
from candide.foundation.files.domain.storing import store
from candide.institution.mails.models import OutgoingMail
from tests.factories.accounts import UserFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory
from tests.factories.samples import pdf

NOW = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_a_candidate_applies_transmits_mends_is_admitted_and_withdraws():
    alix = CandidateFactory(complete=True, user__activated_at=NOW)
    bao = UserFactory(email="bao@example.org")
    intake = IntakeFactory(open=True)
    transcript = DocumentRequirementFactory(is_common=True)

    assert applying_blockers(user=alix.user, intake=intake, today=localdate(NOW)) == []
    application = apply_to(intake, user=alix.user, by=alix.user, now=NOW)
    assert [b.code for b in transmission_blockers(application, today=localdate(NOW))] == [
        "document_missing"
    ]

    file = store([SimpleUploadedFile("notes.pdf", pdf(pages=2))], by=alix.user)
    give_document(application, transcript, file, by=alix.user, now=NOW)
    snapshot = transmit(application, by=alix.user, now=NOW + timedelta(minutes=1))
    application = Application.objects.get(pk=application.pk)
    assert application.dossier_status == DossierStatus.RECEIVED
    assert snapshot.receipt.media_type == "application/pdf"

    check_documents(
        application, [transcript], ItemStatus.REFUSED, comment="Illisible", by=bao, now=NOW
    )
    declare_status(application, DossierStatus.INCOMPLETE, by=bao, now=NOW + timedelta(minutes=2))
    again = store([SimpleUploadedFile("notes2.pdf", pdf(pages=1))], by=alix.user)
    give_document(application, transcript, again, by=alix.user, now=NOW + timedelta(minutes=3))
    transmit(application, by=alix.user, now=NOW + timedelta(minutes=4))
    item = requested_documents(Application.objects.with_offer().get(pk=application.pk))[0]
    assert item.status == ItemStatus.SUBMITTED

    declare_status(application, DossierStatus.COMPLETE, by=bao, now=NOW + timedelta(minutes=5))
    favourable = DecisionType.objects.create(
        code="FA", label="Avis favorable", outcome=Outcome.FAVOURABLE
    )
    enter_decision(application, Draft(type=favourable), by=bao, now=NOW)
    assert Application.objects.get(pk=application.pk).released_outcome == ""
    release(application, by=bao, now=NOW + timedelta(hours=1))
    application = Application.objects.get(pk=application.pk)
    assert application.released_outcome == Outcome.FAVOURABLE

    accept(application, by=alix.user, now=NOW + timedelta(hours=2))
    withdraw(application, by=alix.user, now=NOW + timedelta(hours=3))
    assert Application.objects.get(pk=application.pk).answer == CandidateAnswer.WITHDRAWN

    application = Application.objects.with_offer().get(pk=application.pk)
    dossier = current_dossier(application, language="fr", now=NOW)
    assert dossier.content.startswith(b"%PDF")
    assert dossier.skipped == []
    assert list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)) == [
        "application-created",
        "dossier-received",
        "status-incomplete",
        "dossier-received",
        "status-complete",
        "decision-favourable",
        "answer-accepted",
        "answer-withdrawn",
    ]
