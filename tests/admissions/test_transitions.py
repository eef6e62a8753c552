"""The transitions of the state machine [annex 1], a line each: from where, what happens, to where,
and which mails go out. Who may is in test_lifecycle, and why not in the tests of each topic."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.asked import requested_documents
from candide.admissions.applications.domain.cancelling import cancel
from candide.admissions.applications.domain.checking import check_documents
from candide.admissions.applications.domain.documents import (
    declare_not_concerned,
    give_document,
    remove_document,
)
from candide.admissions.applications.domain.examining import declare_status, set_route
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import DossierStatus, ItemStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.campaigns.domain.destroying import (
    begin,
    destroy_application,
    left_of,
    to_destroy,
)
from candide.admissions.campaigns.domain.switching import due, switch
from candide.admissions.decisions.domain.answering import accept, auto_withdraw, remind, withdraw
from candide.admissions.decisions.domain.current import draft_decision, released_decision
from candide.admissions.decisions.domain.entering import delete_draft, enter_decision
from candide.admissions.decisions.domain.proposing import propose
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.routing import confirm_route
from candide.admissions.decisions.models import IntakeDecisions
from candide.core.clock import localdate
from candide.institution.catalogue.enums import AdmissionRoute
from candide.institution.catalogue.models import Campaign, Intake
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, staff_member
from tests.admissions.decisions.conftest import decided, decision_type, draft_of
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import CampaignFactory, IntakeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.requirements import DocumentRequirementFactory

DAY = timedelta(days=1)


class World:
    """Alix, who may apply; Béa, who waits on the reserve list; Bao, who manages the centre. Letters
    stand for the axes: S status, T route, D decision (v: released), A answer, X cancelled; then
    whether it is archived, or gone."""

    def __init__(self) -> None:
        self.requirement = DocumentRequirementFactory(common=True, conditional=True)
        self.intake = IntakeFactory(
            closes_on=localdate(NOW) + 6 * DAY,
            documents_due_on=localdate(NOW) + 8 * DAY,
            acceptance_due_on=localdate(NOW) + 12 * DAY,
        )
        self.alix = CandidateFactory(complete=True, user__activated_at=NOW)
        self.bao = staff_member("manager", centre=self.intake.programme.commission.centre)
        commission = self.intake.programme.commission
        commission.alert_mode, commission.alert_email = "mailbox", "jury@example.org"
        for name in ("proposals", "transmissions", "cancellations", "withdrawals", "promotions"):
            setattr(commission, f"alerts_{name}", True)
        commission.save()
        self.favourable = decision_type(Outcome.FAVOURABLE)
        IntakeDecisions.objects.create(
            intake=self.intake, favourable=self.favourable, called=self.favourable
        )
        self.now = NOW

    @property
    def application(self) -> Application:
        return Application.objects.with_offer().get(candidate=self.alix)

    @property
    def item(self) -> Any:
        return requested_documents(self.application)[0]

    def has(self, **fields: Any) -> None:
        Application.objects.filter(pk=self.application.pk).update(**fields)

    def offers(self, **fields: Any) -> None:
        Intake.objects.filter(pk=self.intake.pk).update(**fields)
        self.intake = Intake.objects.with_offer().get(pk=self.intake.pk)

    def apply(self) -> None:
        apply_to(self.intake, user=self.alix.user, by=self.alix.user, now=self.now)

    def declines(self) -> None:
        by, now = self.alix.user, self.now
        declare_not_concerned(self.application, self.requirement, by=by, now=now)

    def decide(self, outcome: Outcome) -> None:
        decided(self.application, outcome, by=self.bao)

    def axes(self) -> str:
        if not Application.objects.filter(candidate=self.alix).exists():
            return "gone"
        application = self.application
        draft, released = draft_decision(application), released_decision(application)
        shown = (f"{draft.type.outcome}" if draft else "") or (
            f"{released.type.outcome} v" if released else "-"
        )
        route = application.route + (" v" if application.is_route_confirmed else "")
        over = " X" if application.cancelled_at else " archived" if application.archived_at else ""
        return (
            f"{application.dossier_status} | {route} | {shown} | {application.answer or '-'}{over}"
        )


Step = Callable[[World], object]


@dataclass(frozen=True)
class Transition:
    code: str
    given: list[Step]
    event: Step
    axes: str
    mails: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return self.code


def apply(world: World) -> None:
    world.apply()


def declined(world: World) -> None:
    world.declines()


def has(**fields: Any) -> Step:
    return lambda world: world.has(**fields)


def offers(**fields: Any) -> Step:
    return lambda world: world.offers(**fields)


def decide(outcome: Outcome) -> Step:
    return lambda world: world.decide(outcome)


def enter(outcome: Outcome) -> Step:
    return lambda w: enter_decision(w.application, draft_of(outcome), by=w.bao, now=w.now)


def answered(world: World) -> None:
    accept(world.application, by=world.alix.user, now=world.now)


def status(value: DossierStatus) -> Step:
    return lambda w: declare_status(w.application, value, by=w.bao, now=w.now)


def route(value: AdmissionRoute) -> Step:
    return lambda w: set_route(w.application, value, by=w.bao, now=w.now)


def confirm(world: World) -> None:
    confirm_route(world.application, by=world.bao, now=world.now)


def withdrawn(world: World) -> None:
    withdraw(world.application, by=world.alix.user, now=world.now)


def late(world: World) -> None:
    world.now += 13 * DAY


def bea_waits(world: World) -> None:
    """Béa is the first on a reserve list that calls by itself."""
    world.offers(has_automatic_reserve_list=True)
    bea = CandidateFactory(complete=True, user__activated_at=NOW)
    apply_to(world.intake, user=bea.user, by=bea.user, now=NOW)
    decided(Application.objects.with_offer().get(candidate=bea), Outcome.RESERVE_LIST, by=world.bao)


def has_closed(world: World) -> None:
    world.now += 7 * DAY


def given(world: World) -> None:
    """A document of Alix's, whose content nobody opens."""
    file = StoredFileFactory()
    give_document(world.application, world.requirement, file, by=world.alix.user, now=world.now)


def next_campaign(world: World) -> None:
    """It takes the place of ours tomorrow."""
    CampaignFactory(
        code="2028",
        replaces=world.intake.campaign,
        switch_at=NOW + DAY,
        starts_on=localdate(NOW) + DAY,
        ends_on=localdate(NOW) + 366 * DAY,
        is_active=False,
    )


def switched(world: World) -> None:
    world.now += DAY
    for campaign in due(now=world.now):
        switch(campaign, now=world.now)


def kept_long_enough(world: World) -> None:
    """Archived a year ago, announced a month ago."""
    world.now += 366 * DAY
    Campaign.objects.filter(pk=world.intake.campaign.pk).update(announced_at=world.now - 30 * DAY)


def destroyed(world: World) -> None:
    for campaign in to_destroy(now=world.now):
        begin(campaign.pk, now=world.now)
        for pk in left_of(campaign.pk):
            destroy_application(pk, now=world.now)


S, R, Favourable = DossierStatus, AdmissionRoute, Outcome.FAVOURABLE
AWAITED = "awaited | controlled v | - | -"
OFFERED = [apply, decide(Favourable)]
BY_RIGHT = [apply, has(route=R.DIRECT, is_route_confirmed=False)]
OPEN_ROUTE = [apply, has(route=R.UNDETERMINED, is_route_confirmed=False)]
TO_STAFF = "commission-transmission"
PROPOSED = 4  # those before make the application

TRANSITIONS = [
    Transition("T01", [], apply, AWAITED, ["application-created"]),
    Transition(
        "T02",
        [offers(route=R.DIRECT)],
        apply,
        "awaited | undetermined | - | -",
        ["application-created"],
    ),
    Transition(
        "T03",
        [has_closed],
        lambda w: apply_to(w.intake, user=w.alix.user, by=w.bao, now=w.now, enforce_dates=False),
        AWAITED,
        ["application-created"],
    ),
    Transition(
        "T04",
        [has_closed],
        lambda w: propose(w.intake, user=w.alix.user, by=w.bao, now=w.now),
        "complete | controlled v | favourable | -",
        ["application-proposed", "commission-proposal"],
    ),
    Transition("T05", [apply], declined, AWAITED),
    Transition(
        "T06",
        [apply, late],
        lambda w: declare_not_concerned(
            w.application, w.requirement, by=w.bao, now=w.now, enforce_deadline=False
        ),
        AWAITED,
    ),
    Transition(
        "T07",
        [apply, declined],
        lambda w: remove_document(w.application, w.requirement, by=w.alix.user, now=w.now),
        AWAITED,
    ),
    Transition(
        "T08",
        [apply, given],
        lambda w: check_documents(
            w.application, [w.requirement], ItemStatus.REFUSED, comment="Flou", by=w.bao, now=w.now
        ),
        AWAITED,
    ),
    Transition(
        "T09",
        [apply, declined],
        lambda w: transmit(w.application, by=w.alix.user, now=w.now),
        "received | controlled v | - | -",
        ["dossier-received", TO_STAFF],
    ),
    Transition(
        "T10 received",
        [apply],
        status(S.RECEIVED),
        "received | controlled v | - | -",
        ["status-received"],
    ),
    Transition(
        "T10 incomplete",
        [apply],
        status(S.INCOMPLETE),
        "incomplete | controlled v | - | -",
        ["status-incomplete"],
    ),
    Transition(
        "T10 complete",
        [apply],
        status(S.COMPLETE),
        "complete | controlled v | - | -",
        ["status-complete"],
    ),
    Transition("T11", [apply, status(S.COMPLETE)], status(S.AWAITED), AWAITED, ["status-awaited"]),
    Transition("T12", OPEN_ROUTE, route(R.CONTROLLED), AWAITED, ["route-controlled"]),
    Transition("T13 direct", [apply], route(R.DIRECT), "awaited | direct | - | -"),
    Transition("T13 open", [apply], route(R.UNDETERMINED), "awaited | undetermined | - | -"),
    Transition(
        "T14", [apply, has(is_route_confirmed=False)], confirm, AWAITED, ["route-controlled"]
    ),
    Transition(
        "T15", OPEN_ROUTE, confirm, "awaited | undetermined v | - | -", ["route-undetermined"]
    ),
    Transition("T16", BY_RIGHT, confirm, "awaited | direct v | favourable v | -", ["route-direct"]),
    *(
        Transition(
            f"T17 {outcome}", [apply], enter(outcome), f"awaited | controlled v | {outcome} | -"
        )
        for outcome in Outcome
    ),
    Transition(
        "T17 over an answer, which stays",
        [*OFFERED, answered],
        enter(Outcome.UNFAVOURABLE),
        "awaited | controlled v | unfavourable | accepted",
    ),
    *(
        Transition(
            f"T18 {outcome}",
            [apply, enter(outcome)],
            lambda w: release(w.application, by=w.bao, now=w.now),
            f"awaited | controlled v | {outcome} v | -",
            [f"decision-{outcome.replace('_', '-')}"],
        )
        for outcome in Outcome
    ),
    Transition(
        "T18 over an answer, cleared now",
        [*OFFERED, answered, enter(Outcome.UNFAVOURABLE)],
        lambda w: release(w.application, by=w.bao, now=w.now),
        "awaited | controlled v | unfavourable v | -",
        ["decision-unfavourable"],
    ),
    Transition(
        "T19",
        [*OFFERED, enter(Outcome.UNFAVOURABLE)],
        lambda w: delete_draft(w.application, by=w.bao),
        "awaited | controlled v | favourable v | -",
    ),
    Transition(
        "T20",
        OFFERED,
        answered,
        "awaited | controlled v | favourable v | accepted",
        ["answer-accepted"],
    ),
    Transition(
        "T21",
        OFFERED,
        withdrawn,
        "awaited | controlled v | favourable v | withdrawn",
        ["answer-withdrawn", "commission-withdrawal"],
    ),
    Transition(
        "T21 after accepting",
        [*OFFERED, answered],
        withdrawn,
        "awaited | controlled v | favourable v | withdrawn",
        ["answer-withdrawn", "commission-withdrawal"],
    ),
    Transition(
        "T22",
        [*OFFERED, late],
        lambda w: auto_withdraw(w.application, now=w.now),
        "awaited | controlled v | favourable v | withdrawn",
        ["answer-auto-withdrawn"],
    ),
    Transition(
        "T23",
        [*OFFERED, bea_waits],
        withdrawn,
        "awaited | controlled v | favourable v | withdrawn",
        [
            "answer-withdrawn",
            "commission-withdrawal",
            "decision-favourable",
            "commission-promotion",
        ],
    ),
    Transition(
        "T24",
        OFFERED,
        lambda w: remind(w.application, now=w.now),
        "awaited | controlled v | favourable v | -",
        ["answer-reminder"],
    ),
    Transition(
        "T25",
        [apply],
        lambda w: cancel(w.application, by=w.alix.user, now=w.now),
        f"{AWAITED} X",
        ["application-cancelled", "commission-cancellation"],
    ),
    Transition("T26", [apply, next_campaign], switched, f"{AWAITED} archived"),
    Transition("T27", [apply, next_campaign, switched, kept_long_enough], destroyed, "gone"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("transition", TRANSITIONS, ids=str)
def test_transition(transition):
    world = World()
    for step in transition.given:
        step(world)
    OutgoingMail.objects.all().delete()

    transition.event(world)

    assert world.axes() == transition.axes
    assert (
        list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True)) == transition.mails
    )
