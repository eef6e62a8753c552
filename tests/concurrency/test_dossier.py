"""A dossier that two people, or one in two windows, change at once: uploads, checks, transmissions,
statuses."""

from functools import partial

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import give_document, remove_document
from candide.admissions.applications.domain.examining import declare_status
from candide.admissions.applications.domain.questions import save_answer
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import DossierStatus, ItemStatus
from candide.admissions.applications.models import DocumentVersion
from tests.concurrency.at_once import ROUNDS, at_once, codes, events, mails, one_of
from tests.concurrency.conftest import again
from tests.concurrency.over_http import answer_with, posting, statuses, told, upload
from tests.factories.catalogue import IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

TRANSMITTED = "Le dossier est transmis : plus rien ne peut y être modifié."

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def transcript(transactional_db):
    return DocumentRequirementFactory(common=True)


@pytest.fixture
def dossier(applied, transcript, stored, now):
    """An application with everything given, and the version of the transcript that is shown."""

    def make():
        application = applied()
        user = application.candidate.user
        version = give_document(application, transcript, stored(), by=user, now=now)
        return application, version

    return make


def giving(application, requirement, file, **context):
    by = application.candidate.user
    return partial(give_document, application, requirement, file, by=by, **context)


def transmitting(application, now):
    return partial(transmit, application, by=application.candidate.user, now=now)


def version_in_use(application):
    (item,) = requested_documents(again(application))
    return item.submitted.version


def frozen_versions(application):
    """What each snapshot holds, in their order."""
    snapshots = application.snapshots.order_by("number")
    return [list(snapshot.documents.all()) for snapshot in snapshots]


# -- Transmitting ---------------------------------------------------------------------------------


def test_transmitted_twice_is_transmitted_once(dossier, now):
    for _ in ROUNDS:
        application, version = dossier()

        outcomes = at_once(*[transmitting(application, now)] * 2)

        assert codes(outcomes) == [[], ["already_transmitted"]]
        assert frozen_versions(application) == [[version]]
        assert events(application).count("applications.transmitted") == 1
        assert mails("dossier-received", about_id=application.pk) == 1


def test_replaced_while_transmitting(dossier, transcript, stored, now):
    """Whichever comes first, what is frozen is what is in use."""
    for _ in ROUNDS:
        application, version = dossier()
        replacing = giving(application, transcript, stored(), now=now, seen=version.pk)

        replaced, transmitted = at_once(replacing, transmitting(application, now))

        assert transmitted.won
        assert replaced.codes in ([], ["already_transmitted"])
        expected = replaced.value if replaced.won else version
        assert version_in_use(application) == expected
        assert frozen_versions(application) == [[expected]]
        assert events(application).count("applications.document_given") == 1 + replaced.won


def test_taken_back_while_transmitting(dossier, transcript, now):
    for _ in ROUNDS:
        application, version = dossier()
        user = application.candidate.user

        removed, transmitted = at_once(
            partial(remove_document, application, transcript, by=user, now=now, seen=version.pk),
            transmitting(application, now),
        )

        if transmitted.won:
            assert removed.codes == ["already_transmitted"]
            assert frozen_versions(application) == [[version]]
        else:
            assert (removed.codes, transmitted.codes) == ([], ["document_missing"])
            assert frozen_versions(application) == []


def test_cancelled_while_transmitting(dossier, now):
    for _ in ROUNDS:
        application, _version = dossier()

        cancelled, transmitted = at_once(
            partial(cancel, application, by=application.candidate.user, now=now),
            transmitting(application, now),
        )

        left = again(application)
        if transmitted.won:
            assert cancelled.codes == ["being_treated"]
            assert (left.is_cancelled, left.dossier_status) == (False, DossierStatus.RECEIVED)
        else:
            assert (cancelled.codes, transmitted.codes) == ([], ["cancelled"])
            assert (left.is_cancelled, left.dossier_status) == (True, DossierStatus.AWAITED)
        assert mails("dossier-received", about_id=application.pk) == int(transmitted.won)


def test_answered_while_transmitting(dossier, now):
    question = QuestionFactory(common=True)
    for _ in ROUNDS:
        application, _version = dossier()
        user = application.candidate.user
        save_answer(application, question, "avant", by=user, now=now)
        change = partial(save_answer, application, question, "après", by=user, now=now, seen=1)

        answered, transmitted = at_once(change, transmitting(application, now))

        assert transmitted.won
        assert answered.codes in ([], ["already_transmitted"])
        (frozen,) = application.snapshots.get().data["questions"]
        assert frozen["value"] == application.answers.get().value
        assert frozen["value"] == ("après" if answered.won else "avant")


# -- Two windows ----------------------------------------------------------------------------------


def test_first_upload_in_two_windows(applied, transcript, stored, now):
    for _ in ROUNDS:
        application = applied()

        outcomes = at_once(
            *(giving(application, transcript, stored(), now=now, seen=None) for _ in range(2))
        )

        assert codes(outcomes) == [[], ["changed"]]
        assert version_in_use(application) == one_of(outcomes).value
        assert events(application) == ["applications.document_given"]


def test_replaced_in_two_windows(dossier, transcript, stored, now):
    for _ in ROUNDS:
        application, version = dossier()

        outcomes = at_once(
            *(giving(application, transcript, stored(), now=now, seen=version.pk) for _ in range(2))
        )

        assert codes(outcomes) == [[], ["changed"]]
        assert version_in_use(application) == one_of(outcomes).value


def test_shared_document_given_in_two_applications(applied, alix, transcript, stored, now):
    """Each writes to both applications, in the other order: neither waits for ever."""
    for _ in ROUNDS:
        here, there = (applied(candidate=alix, intake=IntakeFactory(open=True)) for _ in range(2))

        outcomes = at_once(
            *(giving(each, transcript, stored(), now=now, seen=None) for each in (here, there))
        )

        assert codes(outcomes) == [[], ["changed"]]
        assert version_in_use(here) == version_in_use(there) == one_of(outcomes).value
        for application in (here, there):
            cancel(application, by=alix.user, now=now)


def test_answered_in_two_windows(applied, now):
    question = QuestionFactory(common=True)
    for _ in ROUNDS:
        application = applied()
        user = application.candidate.user

        outcomes = at_once(
            *(
                partial(save_answer, application, question, text, by=user, now=now, seen=0)
                for text in ("ici", "là")
            )
        )

        assert codes(outcomes) == [[], ["changed"]]
        here = outcomes[0].won
        assert application.answers.get().value == ("ici" if here else "là")


# -- Candidate and staff --------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", [ItemStatus.APPROVED, ItemStatus.REFUSED])
def test_checked_while_the_candidate_replaces(dossier, transcript, stored, bao, now, verdict):
    """A verdict never lands on a version nobody looked at."""
    for _ in ROUNDS:
        application, version = dossier()
        checking = partial(
            check_documents,
            application,
            [transcript],
            verdict,
            comment="Illisible",
            by=bao,
            now=now,
            seen={transcript.pk: version.pk},
        )

        checked, replaced = at_once(
            checking, giving(application, transcript, stored(), now=now, seen=version.pk)
        )

        before = DocumentVersion.objects.get(pk=version.pk)
        assert before.status == (verdict if checked.won else ItemStatus.SUBMITTED)
        if not checked.won:
            assert (checked.codes, replaced.codes) == (["changed"], [])
        elif verdict == ItemStatus.APPROVED:
            assert replaced.codes == ["approved"]
        else:
            assert replaced.won  # what was refused may be replaced
        in_use = version_in_use(application)
        assert in_use == (replaced.value if replaced.won else version)
        assert in_use.status == (ItemStatus.SUBMITTED if replaced.won else verdict)


@pytest.mark.parametrize("status", [DossierStatus.COMPLETE, DossierStatus.RECEIVED])
def test_status_set_while_the_candidate_transmits(dossier, bao, now, status):
    for _ in ROUNDS:
        application, version = dossier()
        setting = partial(
            declare_status, application, status, by=bao, now=now, seen=DossierStatus.AWAITED
        )

        set_by_staff, transmitted = at_once(setting, transmitting(application, now))

        left = again(application)
        if transmitted.won:
            assert set_by_staff.codes == ["changed"]
            assert left.dossier_status == DossierStatus.RECEIVED
        else:
            assert (set_by_staff.codes, transmitted.codes) == ([], ["already_transmitted"])
            assert left.dossier_status == status
        assert (left.transmitted_at is not None) is transmitted.won
        assert frozen_versions(application) == [[version]]
        assert mails("dossier-received", about_id=application.pk) == int(transmitted.won)


def test_status_set_by_two_members_of_staff(dossier, bao, chris, now):
    for _ in ROUNDS:
        application, _version = dossier()
        transmit(application, by=application.candidate.user, now=now)

        outcomes = at_once(
            *(
                partial(
                    declare_status,
                    application,
                    status,
                    by=person,
                    now=now,
                    seen=DossierStatus.RECEIVED,
                )
                for person, status in (
                    (bao, DossierStatus.COMPLETE),
                    (chris, DossierStatus.INCOMPLETE),
                )
            )
        )

        assert codes(outcomes) == [[], ["changed"]]
        complete = outcomes[0].won
        assert again(application).dossier_status == (
            DossierStatus.COMPLETE if complete else DossierStatus.INCOMPLETE
        )
        assert mails("status-complete", about_id=application.pk) == int(complete)
        assert mails("status-incomplete", about_id=application.pk) == int(not complete)


# -- As the pages tell it -------------------------------------------------------------------------


def test_second_transmission_is_told_on_the_page(dossier, frozen):
    application, _version = dossier()
    user, url = application.candidate.user, reverse("candidate:transmit", args=[application.pk])

    outcomes = at_once(posting(user, url), posting(user, url))

    assert statuses(outcomes) == [302, 302]
    first, second = told(outcomes)
    assert first == "Votre candidature est déjà transmise."
    assert second.startswith("Votre candidature est transmise.")
    assert application.snapshots.count() == 1


def test_second_upload_is_told_beside_the_document(applied, transcript, frozen):
    application = applied()
    url = reverse("candidate:document_upload", args=[application.pk, transcript.pk])
    user = application.candidate.user

    outcomes = at_once(*(posting(user, url, files=[upload(pages)], seen="") for pages in (1, 2)))

    assert statuses(outcomes) == [302, 409]
    assert "modifiée entre-temps" in answer_with(outcomes, 409).content.decode()
    assert version_in_use(application).file.page_count in (1, 2)
    assert DocumentVersion.objects.count() == 1


def test_upload_that_meets_the_transmission_is_told(dossier, transcript, frozen):
    application, version = dossier()
    user = application.candidate.user
    give = reverse("candidate:document_upload", args=[application.pk, transcript.pk])
    send = reverse("candidate:transmit", args=[application.pk])

    uploaded, transmitted = at_once(
        posting(user, give, files=[upload()], seen=version.pk), posting(user, send)
    )

    assert transmitted.value.status_code == 302
    assert uploaded.value.status_code in (302, 409)
    if uploaded.value.status_code == 409:
        assert TRANSMITTED in uploaded.value.content.decode()
    in_use = version_in_use(application)
    assert (in_use == version) == (uploaded.value.status_code == 409)
    assert frozen_versions(application) == [[in_use]]
