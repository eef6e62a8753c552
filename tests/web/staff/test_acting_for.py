"""« À la place du candidat »: staff do what the candidate does, as themselves [annex 2, Window]."""

import pytest
from django.urls import reverse

from candide.admissions.applications.domain.asked import asked_questions, requested_documents
from candide.admissions.applications.domain.editing import checklist_of
from candide.admissions.applications.enums import CandidateAnswer, DossierStatus, ItemStatus
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.entering import Draft, enter_decision
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.models import DecisionType
from candide.foundation.history.domain.log import entries_about
from candide.foundation.leases.domain.leasing import holder, take
from candide.foundation.leases.domain.presence import GONE_AFTER
from candide.institution.catalogue.models import Intake
from tests.admissions.conftest import NOW, again
from tests.factories.catalogue import DAY, TODAY, IntakeFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory
from tests.factories.samples import pdf, upload
from tests.web.conftest import words
from tests.web.staff.conftest import staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]


@pytest.fixture
def application(application):
    """Awaited, a month after its last day."""
    Application.objects.update(
        dossier_status=DossierStatus.AWAITED, transmitted_at=None, frozen_at=None
    )
    Intake.objects.update(
        opens_on=TODAY - 60 * DAY, closes_on=TODAY - 40 * DAY, documents_due_on=TODAY - 30 * DAY
    )
    return again(application)


@pytest.fixture
def diploma(application):
    return DocumentRequirementFactory(
        common=True, is_unique=True, conditional=True, label="Diplôme"
    )


@pytest.fixture
def question(application):
    return QuestionFactory(common=True, is_unique=True, conditional=True, label="Langue ?")


def url(name, application, *args):
    return reverse(f"staff:{name}", args=[application.pk, *args])


def given(application):
    return [item.status for item in requested_documents(again(application))]


def history(application):
    return [(entry.event.partition(".")[2], entry.by_id) for entry in entries_about(application)]


def upload_to(client, application, requirement, **more):
    data = {"files": [upload(pdf(), "diplome.pdf")], "seen": ""}
    return client.post(url("document_upload", application, requirement.pk), data, **more)


def test_document_is_given_after_the_deadline_by_staff_as_themselves(
    as_bao, bao, application, diploma
):
    done = upload_to(as_bao, application, diploma)

    assert done.url.endswith(f"#document-{diploma.pk}")
    assert given(application) == [ItemStatus.SUBMITTED]
    assert history(application) == [("document_given", bao.pk)]
    page = words(as_bao.get(url("application", application)))
    assert "Pièce déposée" in page or "déposée" in page


def test_document_given_to_a_received_dossier_freezes_it_anew(as_bao, application, diploma):
    Application.objects.update(dossier_status=DossierStatus.RECEIVED)

    upload_to(as_bao, application, diploma)

    assert again(application).snapshots.count() == 1
    assert again(application).dossier_status == DossierStatus.RECEIVED


def test_script_gets_the_one_document_back(as_bao, application, diploma):
    accepted = upload_to(as_bao, application, diploma, headers={"HX-Request": "true"})
    stale = upload_to(as_bao, application, diploma, headers={"HX-Request": "true"})

    assert accepted.content.decode().strip().startswith("<li")
    assert (accepted.status_code, stale.status_code) == (200, 409)


def test_refused_upload_comes_back_beside_the_document(as_bao, application, diploma):
    page = as_bao.post(
        url("document_upload", application, diploma.pk),
        {"files": [upload(b"not a document", "notes.txt")], "seen": ""},
    )

    assert page.status_code == 409
    assert given(application) == [ItemStatus.MISSING]


def test_document_is_taken_back_after_a_page_that_asks(as_bao, application, diploma):
    upload_to(as_bao, application, diploma)
    seen = requested_documents(again(application))[0].seen

    asked = as_bao.get(url("document_remove", application, diploma.pk))
    stale = as_bao.post(url("document_remove", application, diploma.pk), {"seen": "0"})
    done = as_bao.post(url("document_remove", application, diploma.pk), {"seen": seen})

    assert "Diplôme" in words(asked)
    assert (stale.status_code, done.status_code) == (409, 302)
    assert given(application) == [ItemStatus.MISSING]


def test_candidate_is_declared_not_concerned(as_bao, bao, application, diploma, question):
    as_bao.post(url("document_not_concerned", application, diploma.pk), {"seen": ""})
    as_bao.get(url("question_not_concerned", application, question.pk))
    as_bao.post(url("question_not_concerned", application, question.pk), {"seen": "0"})

    assert given(application) == [ItemStatus.NOT_APPLICABLE]
    (answered,) = asked_questions(again(application))
    assert answered.status == ItemStatus.NOT_APPLICABLE
    assert {by for _event, by in history(application)} == {bao.pk}


def test_question_is_answered(as_bao, bao, application, question):
    name = f"question-{question.pk}"

    done = as_bao.post(
        url("question_answer", application, question.pk),
        {f"{name}-answer": "Allemand", f"{name}-seen": "0"},
    )
    stale = as_bao.post(
        url("question_answer", application, question.pk),
        {f"{name}-answer": "Anglais", f"{name}-seen": "0"},
    )
    saved = as_bao.post(
        url("question_answer", application, question.pk),
        {f"{name}-answer": "Italien", f"{name}-seen": "1"},
        headers={"HX-Request": "true"},
    )

    (item,) = asked_questions(again(application))
    assert (done.status_code, stale.status_code, saved.status_code) == (302, 422, 200)
    assert item.value == "Italien"
    assert item.answer.answered_by == bao


def test_dossier_is_transmitted_after_the_deadline_with_a_warning(
    as_bao, bao, application, diploma
):
    blocked = as_bao.get(url("transmit_for", application))
    upload_to(as_bao, application, diploma)

    asked = as_bao.get(url("transmit_for", application))
    done = as_bao.post(url("transmit_for", application))

    assert "« Diplôme »" in words(blocked) or "Diplôme" in words(blocked)
    assert "Le candidat ne le pourrait plus" in words(asked)
    assert done.status_code == 302
    assert again(application).dossier_status == DossierStatus.RECEIVED
    assert ("transmitted", bao.pk) in history(application)


def test_what_is_not_possible_says_why(as_bao, application, diploma):
    refused = as_bao.post(url("transmit_for", application))

    assert refused.status_code == 409
    assert "Diplôme" in words(refused)


def test_deadline_binds_who_may_not_act_after_it(client, application, diploma):
    bao = staff("manager", centre=application.intake.programme.commission.centre)
    bao.assignments.get().role.grants.filter(capability="ignore_deadlines").delete()
    client.force_login(bao)

    refused = upload_to(client, application, diploma)

    assert refused.status_code == 409
    assert given(application) == [ItemStatus.MISSING]


def test_deadline_binds_transmitting_for_who_may_not_act_after_it(client, application):
    """B-115."""
    bao = staff("manager", centre=application.intake.programme.commission.centre)
    bao.assignments.get().role.grants.filter(capability="ignore_deadlines").delete()
    client.force_login(bao)

    refused = client.post(url("transmit_for", application))

    assert refused.status_code == 409
    assert again(application).dossier_status == DossierStatus.AWAITED


@pytest.fixture
def offered(application, bao):
    """With an offer whose day to answer is past."""
    favourable = DecisionType.objects.create(code="FA", label="Admis", outcome="favourable")
    enter_decision(application, Draft(type=favourable), by=bao, now=NOW)
    release(application, by=bao, now=NOW)
    Application.objects.update(acceptance_due_on=TODAY - DAY)
    return again(application)


@pytest.mark.parametrize(
    ("name", "answer"),
    [("accept_for", CandidateAnswer.ACCEPTED), ("withdraw_for", CandidateAnswer.WITHDRAWN)],
)
def test_offer_is_answered_in_the_candidates_place(as_bao, bao, offered, name, answer):
    as_bao.get(url(name, offered))
    done = as_bao.post(url(name, offered))

    after = again(offered)
    assert done.status_code == 302
    assert (after.answer, after.answered_by) == (answer, bao)


def test_application_is_cancelled_in_the_candidates_place(as_bao, bao, application):
    as_bao.get(url("cancel_for", application))
    as_bao.post(url("cancel_for", application))

    assert again(application).cancelled_by == bao


def test_page_offers_what_is_possible(as_bao, application, diploma, question):
    page = as_bao.get(url("acting", application)).content.decode()

    assert url("document_upload", application, diploma.pk) in page
    assert url("question_answer", application, question.pk) in page
    assert url("cancel_for", application) in page
    assert url("accept_for", application) not in page
    assert "/espace/" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("changed", [{"cancelled_at": NOW}, {"archived_at": NOW}])
def test_cancelled_and_archived_ones_are_only_read(as_bao, application, diploma, changed):
    """B-120."""
    Application.objects.update(**changed)

    page = as_bao.get(url("acting", application)).content.decode()

    assert url("document_upload", application, diploma.pk) not in page
    assert upload_to(as_bao, application, diploma).status_code == 409


def test_checklist_somebody_changes_is_read_only_until_its_lock_is_released(
    as_bao, bao, application, diploma
):
    """B-120, B-163."""
    alix = application.candidate.user
    alix.first_name = "Zoé"  # no other name on the page
    alix.save(update_fields=["first_name"])
    take(checklist_of(application), by=alix, tab="x", now=NOW)

    page = as_bao.get(url("acting", application))
    refused = upload_to(as_bao, application, diploma)
    released = as_bao.post(url("release_lease", application))
    again_released = as_bao.post(url("release_lease", application))

    assert str(alix) in words(page)
    assert url("document_upload", application, diploma.pk) not in page.content.decode()
    assert refused.status_code == 409
    assert (released.status_code, again_released.status_code) == (302, 302)
    assert holder(checklist_of(application), now=NOW) is None
    assert history(application) == [("lock_released", bao.pk)]
    assert upload_to(as_bao, application, diploma).status_code == 302


def test_others_find_no_such_page(client, application):
    client.force_login(staff("manager", centre=IntakeFactory().programme.commission.centre))

    assert client.get(url("acting", application)).status_code == 404


def test_members_may_not_act_for_candidates(client, application):
    client.force_login(staff("commission", commission=application.intake.programme.commission))

    assert client.get(url("acting", application)).status_code == 403
    assert (
        url("acting", application)
        not in client.get(url("application", application)).content.decode()
    )


def test_what_is_not_asked_is_not_found(as_bao, application):
    assert as_bao.get(url("document_remove", application, 999)).status_code == 404
    assert as_bao.get(url("question_not_concerned", application, 999)).status_code == 404
    assert as_bao.get(url("requirement_template", application, 999)).status_code == 404


def test_requirement_without_a_template_serves_none(as_bao, application, diploma):
    assert as_bao.get(url("requirement_template", application, diploma.pk)).status_code == 404


# -- Colleagues ------------------------------------------------------------------------------------


def test_colleagues_see_each_other_and_not_themselves(as_bao, bao, application, frozen):
    other = staff("manager", centre=application.intake.programme.commission.centre)
    first = as_bao.post(url("here", application))

    as_bao.force_login(other)
    second = as_bao.post(url("here", application))
    frozen.shift(GONE_AFTER)
    third = as_bao.post(url("here", application))

    assert words(first) == ""
    assert str(bao) in words(second)
    assert words(third) == ""


def test_page_of_an_application_gives_a_sign_of_life(as_bao, application):
    page = as_bao.get(url("application", application)).content.decode()

    assert f'hx-post="{url("here", application)}"' in page
