from datetime import UTC, date, datetime

import pytest

from candide.admissions.applications.domain.todo import next_deadline, things_to_do
from candide.admissions.applications.enums import ItemStatus, Outcome
from candide.admissions.applications.models import Application, FormAnswer
from candide.admissions.candidates.enums import IneState
from candide.institution.catalogue.models import Institution
from tests.factories.accounts import UserFactory
from tests.factories.applications import (
    AnswerFactory,
    ApplicationFactory,
    DocumentVersionFactory,
    SubmittedDocumentFactory,
)
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, TODAY, IntakeFactory, ProgrammeFactory
from tests.factories.requirements import (
    DocumentRequirementFactory,
    ExternalFormFactory,
    QuestionFactory,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def alix():
    return CandidateFactory(complete=True)


def todo(candidate, *, today=TODAY):
    applications = list(
        Application.objects.live().filter(candidate=candidate).with_offer().order_by("pk")
    )
    return things_to_do(
        candidate.user,
        applications,
        today=today,
        institution=Institution.current(),
        is_file_complete=True,
    )


def codes(tasks):
    return [task.code for task in tasks]


def steps(tasks):
    """What is to be done, and where."""
    return [(task.code, task.about) for task in tasks]


@pytest.fixture
def question():
    """The one that must be answered, of two that are asked."""
    QuestionFactory(common=True, is_required=False)
    return QuestionFactory(common=True)


def give(application, requirement, status=ItemStatus.NOT_APPLICABLE, **use):
    version = DocumentVersionFactory(
        candidate=application.candidate, requirement=requirement, status=status
    )
    return SubmittedDocumentFactory(application=application, version=version, **use)


def test_new_account_fills_in_the_file_and_chooses_a_programme():
    user = UserFactory()

    tasks = things_to_do(
        user, [], today=TODAY, institution=Institution.current(), is_file_complete=False
    )

    assert steps(tasks) == [
        ("identity_missing", "section:identity"),
        ("address_missing", "section:address"),
        ("baccalaureate_missing", "section:baccalaureate"),
        ("choose", "catalogue:"),
    ]


def test_programme_begun_before_the_file_was_complete_comes_after_it():
    wanted = IntakeFactory()

    tasks = things_to_do(
        UserFactory(),
        [],
        today=TODAY,
        institution=Institution.current(),
        is_file_complete=False,
        wanted=wanted,
    )

    assert codes(tasks) == ["identity_missing", "address_missing", "baccalaureate_missing", "apply"]
    assert tasks[-1].about == f"intake:{wanted.pk}"
    assert {task.due_on for task in tasks} == {wanted.closes_on}


def test_claimed_ine_is_pointed_out(alix):
    alix.ine, alix.ine_state = "123456789AB", IneState.CLAIMED
    alix.save()

    tasks = todo(alix)

    assert codes(tasks) == ["ine_claimed", "choose"]


def test_what_is_missing_is_counted_and_leads_to_the_first(alix, question):
    application = ApplicationFactory(candidate=alix)
    missing = DocumentRequirementFactory(common=True, position=1)
    DocumentRequirementFactory(common=True, position=2)
    refused = DocumentRequirementFactory(common=True, position=3)
    give(application, refused, ItemStatus.REFUSED)

    tasks = todo(alix)

    place = f"application:{application.pk}"
    assert steps(tasks) == [
        ("replace", f"{place}/document-{refused.pk}"),
        ("give", f"{place}/document-{missing.pk}"),
        ("reply", f"{place}/question-{question.pk}"),
    ]
    assert {task.due_on for task in tasks} == {application.documents_due_on}
    assert "2" in tasks[1].text


def test_complete_dossier_is_to_be_transmitted(alix):
    application = ApplicationFactory(candidate=alix)
    give(application, DocumentRequirementFactory(common=True))
    AnswerFactory(application=application, question=QuestionFactory(common=True))

    tasks = todo(alix)

    assert [(task.code, task.about, task.programme) for task in tasks] == [
        ("transmit", f"application:{application.pk}", str(application.intake.programme))
    ]


def test_document_asked_for_again_is_to_be_replaced(alix):
    application = ApplicationFactory(candidate=alix, incomplete=True)
    give(application, DocumentRequirementFactory(common=True), is_requested_again=True)

    tasks = todo(alix)

    assert codes(tasks) == ["replace"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param({}, ["transmit"], id="awaited"),
        pytest.param({"incomplete": True}, ["transmit"], id="incomplete"),
        pytest.param({"transmitted": True}, [], id="received"),
        pytest.param({"complete": True}, [], id="complete"),
        pytest.param({"offered": True}, ["answer"], id="admitted"),
        pytest.param(
            {"offered": True, "acceptance_due_on": TODAY}, ["answer"], id="admitted, last day"
        ),
        pytest.param(
            {"offered": True, "acceptance_due_on": TODAY - DAY}, [], id="admitted, too late"
        ),
        pytest.param({"accepted": True}, [], id="confirmed"),
        pytest.param({"withdrawn": True}, [], id="withdrawn"),
        pytest.param(
            {"released_outcome": Outcome.UNFAVOURABLE, "has_any_decision": True},
            [],
            id="refused without a dossier",
        ),
        pytest.param(
            {"incomplete": True, "released_outcome": Outcome.UNFAVOURABLE},
            [],
            id="refused while incomplete",
        ),
        pytest.param(
            {"incomplete": True, "released_outcome": Outcome.SHORTLISTED},
            ["transmit"],
            id="shortlisted, then incomplete",
        ),
        pytest.param(
            {"released_outcome": Outcome.FAVOURABLE, "answer": "accepted", "answered_at": NOON},
            [],
            id="confirmed without a dossier",
        ),
        pytest.param(
            {"incomplete": True, "released_outcome": Outcome.FAVOURABLE},
            ["transmit", "answer"],
            id="admitted while incomplete",
        ),
    ],
)
def test_tasks_follow_the_stage(alix, state, expected):
    ApplicationFactory(candidate=alix, **state)

    assert codes(todo(alix)) == expected


def test_open_forms_are_to_be_filled_in_and_come_before_transmitting_where_they_block(alix):
    application = ApplicationFactory(candidate=alix)
    ExternalFormFactory(programmes=[application.intake.programme])
    first = ExternalFormFactory(is_common=True)
    ExternalFormFactory(is_active=False, programmes=[application.intake.programme])
    filled_in = ExternalFormFactory(is_common=True)
    FormAnswer.objects.create(application=application, form=filled_in, received_at=NOON)

    tasks = todo(alix)
    Institution.objects.update(forms_block_transmission=True)

    about = f"application:{application.pk}"
    assert steps(tasks) == [("transmit", about), ("fill_in", f"{about}/form-{first.pk}")]
    assert tasks[1].text == "Remplissez 2 formulaires."
    assert tasks[1].due_on == application.documents_due_on
    assert codes(todo(alix)) == ["fill_in"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({"transmitted": True}, ["fill_in"]),
        ({"complete": True}, ["fill_in"]),
        ({"complete": True, "released_outcome": Outcome.UNFAVOURABLE}, []),
        ({"transmitted": True, "cancelled": True}, []),
    ],
)
def test_forms_stay_to_be_filled_in_while_the_dossier_is_examined(alix, state, expected):
    ExternalFormFactory(is_common=True)
    ApplicationFactory(candidate=alix, **state)

    tasks = [task for task in todo(alix) if task.code != "choose"]

    assert codes(tasks) == expected
    assert [task.due_on for task in tasks] == [None] * len(expected)


@pytest.mark.parametrize(
    ("status", "expected"), [(ItemStatus.SUBMITTED, []), (ItemStatus.NOT_APPLICABLE, ["fill_in"])]
)
def test_shared_form_is_filled_in_once_for_all_applications(alix, status, expected):
    form = ExternalFormFactory(is_common=True)
    other, _newer = (ApplicationFactory(candidate=alix, transmitted=True) for _each in range(2))
    FormAnswer.objects.create(application=other, form=form, status=status, received_at=NOON)

    assert codes(todo(alix)) == expected


def test_dossier_past_its_deadline_is_no_task(alix):
    application = ApplicationFactory(candidate=alix)

    last_day = codes(todo(alix, today=application.documents_due_on))
    day_after = codes(todo(alix, today=application.documents_due_on + DAY))

    assert (last_day, day_after) == (["transmit"], [])


def test_paper_dossier_is_posted(alix):
    """TRANS-09."""
    ApplicationFactory(candidate=alix, intake=IntakeFactory(paper=True))
    DocumentRequirementFactory(common=True)

    assert codes(todo(alix)) == ["post"]


def test_paper_dossier_with_questions_is_answered_first(alix, question):
    """Their answers are printed with it."""
    application = ApplicationFactory(candidate=alix, intake=IntakeFactory(paper=True))

    tasks = todo(alix)

    place = f"application:{application.pk}"
    assert steps(tasks) == [
        ("reply", f"{place}/question-{question.pk}"),
        ("post", place),
    ]


def test_incomplete_paper_dossier_lacks_what_is_named(alix):
    """VIEW-12: it arrived; printing and posting it again would mend nothing."""
    application = ApplicationFactory(
        candidate=alix, incomplete=True, intake=IntakeFactory(paper=True)
    )
    approved, refused, _missing = (
        DocumentRequirementFactory(common=True, label=label, position=position)
        for position, label in enumerate(("Diplôme", "Relevé", "CV"))
    )
    give(application, approved, ItemStatus.APPROVED)
    give(application, refused, ItemStatus.REFUSED)

    tasks = todo(alix)

    assert steps(tasks) == [("post_missing", f"application:{application.pk}/document-{refused.pk}")]
    assert tasks[0].text == "Envoyez par la poste\N{NO-BREAK SPACE}: Relevé, CV."


def test_incomplete_paper_dossier_without_a_document_to_mend(alix):
    application = ApplicationFactory(
        candidate=alix, incomplete=True, intake=IntakeFactory(paper=True)
    )

    tasks = todo(alix)

    assert steps(tasks) == [("post_missing", f"application:{application.pk}/contact")]
    assert "demandez à la commission" in tasks[0].text


def test_incomplete_paper_dossier_without_a_document_to_post_asks_for_the_answers_first(alix):
    ApplicationFactory(candidate=alix, incomplete=True, intake=IntakeFactory(paper=True))
    QuestionFactory(common=True)

    assert codes(todo(alix)) == ["reply"]


def test_most_urgent_comes_first_and_what_has_no_day_last(alix):
    def application(name, due_on, **state):
        intake = IntakeFactory(
            programme=ProgrammeFactory(name=name), closes_on=TODAY, documents_due_on=due_on
        )
        return ApplicationFactory(candidate=alix, intake=intake, **state)

    application("Later", TODAY + 9 * DAY)
    application("No day", TODAY, offered=True)
    application("Soon", TODAY + 2 * DAY)
    application("Answer", TODAY, offered=True, acceptance_due_on=TODAY + DAY)

    tasks = todo(alix)

    assert [task.programme for task in tasks] == ["Answer", "Soon", "Later", "No day"]


@pytest.mark.parametrize(
    ("state", "day"),
    [
        ({}, date(2027, 4, 29)),
        ({"documents_extended_to": date(2027, 5, 3)}, date(2027, 5, 3)),
        ({"transmitted": True}, None),
        ({"incomplete": True, "released_outcome": Outcome.UNFAVOURABLE}, None),
        ({"incomplete": True, "released_outcome": Outcome.WAITING_LIST}, date(2027, 4, 29)),
        ({"offered": True, "acceptance_due_on": date(2027, 5, 9)}, date(2027, 5, 9)),
        ({"accepted": True, "acceptance_due_on": date(2027, 5, 9)}, None),
    ],
)
def test_next_deadline(state, day):
    application = ApplicationFactory(**state)

    assert next_deadline(application) == day


@pytest.mark.parametrize("size", [1, 3])
def test_things_to_do_take_a_constant_number_of_queries(alix, size, django_assert_num_queries):
    requirement = DocumentRequirementFactory(common=True)
    QuestionFactory(common=True)
    ExternalFormFactory(is_common=True)
    for application in ApplicationFactory.create_batch(size, candidate=alix):
        give(application, requirement)
    applications = list(Application.objects.live().with_offer().order_by("pk"))
    institution = Institution.current()

    with django_assert_num_queries(7):
        things_to_do(
            alix.user, applications, today=TODAY, institution=institution, is_file_complete=True
        )
