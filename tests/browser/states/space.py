"""« Mon espace », « Candidatures », « Candidater »."""

from candide.admissions.applications.enums import Outcome
from tests.browser.states.shared import alix
from tests.browser.states.state import State
from tests.factories.applications import ApplicationFactory
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import DAY, TODAY, IntakeFactory
from tests.factories.decisions import DecisionFactory
from tests.factories.requirements import DocumentRequirementFactory, QuestionFactory

SPACE, LIST = "/espace/", "/espace/candidatures/"
DECIDED = {"complete": True, "has_any_decision": True}


def complete_file():
    return CandidateFactory(complete=True)


def every_application():
    """One application in each state a card or a row may be in."""
    candidate = complete_file()
    DocumentRequirementFactory(common=True)
    QuestionFactory(common=True)

    def made(**state):
        return ApplicationFactory(candidate=candidate, **state)

    made()
    made(intake=IntakeFactory(paper=True))
    for trait in ("transmitted", "incomplete", "complete", "accepted", "withdrawn", "cancelled"):
        made(**{trait: True})
    DecisionFactory(application=made(offered=True, acceptance_due_on=TODAY + DAY), released=True)
    for outcome in set(Outcome) - {Outcome.FAVOURABLE}:
        decided = made(**DECIDED, released_outcome=outcome, rank_shown=3)
        DecisionFactory(application=decided, type__outcome=outcome, released=True)
    return candidate


def nothing_to_do():
    candidate = complete_file()
    ApplicationFactory(candidate=candidate, transmitted=True)
    return candidate


def ready_to_transmit():
    candidate = complete_file()
    ApplicationFactory(candidate=candidate)
    return candidate


def intake_with_requirements(**state):
    DocumentRequirementFactory(common=True)
    QuestionFactory(common=True)
    return IntakeFactory(**state)


def open_cancelled(page, subject):
    page.locator(".applications-cancelled > summary").click()


def user(candidate):
    return candidate.user


def applying(intake):
    return f"/espace/candidater/{intake.pk}/"


def with_complete_file(intake):
    return complete_file().user


STATES = [
    State("my space, new account", SPACE, alix),
    State("my space, every state", SPACE, user, setup=every_application),
    State("my space, nothing to do", SPACE, user, setup=nothing_to_do),
    State("my space, ready to transmit", SPACE, user, setup=ready_to_transmit),
    State("applications, none", LIST, alix),
    State("applications", LIST, user, setup=every_application, act=open_cancelled),
    State("applying", applying, with_complete_file, setup=intake_with_requirements),
    State(
        "applying, on paper",
        applying,
        with_complete_file,
        setup=lambda: intake_with_requirements(paper=True),
    ),
    State("applying, file missing", applying, alix, setup=intake_with_requirements),
    State(
        "applying, refused",
        applying,
        with_complete_file,
        setup=lambda: intake_with_requirements(closed=True),
        post={},
        status=409,
    ),
    State(
        "applying, applied already",
        lambda application: applying(application.intake),
        lambda application: application.candidate.user,
        setup=ApplicationFactory,
    ),
]
