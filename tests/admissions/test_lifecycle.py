"""Random lives of applications to one programme: every event of the state machine [annex 1], tried
by in any order, possible or not. What must hold after each of them is the invariants."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from candide.admissions.applications.domain.applying import apply_to
from candide.admissions.applications.domain.cancelling import cancel, restore
from candide.admissions.applications.domain.examining import (
    declare_status,
    extend_documents_due,
    set_route,
)
from candide.admissions.applications.domain.transmission import transmit
from candide.admissions.applications.enums import DossierStatus, Outcome
from candide.admissions.applications.models import Application
from candide.admissions.decisions.domain.answering import (
    accept,
    auto_withdraw,
    extend_acceptance_due,
    remind,
    withdraw,
)
from candide.admissions.decisions.domain.consistency import differences
from candide.admissions.decisions.domain.current import released_decision
from candide.admissions.decisions.domain.entering import delete_draft, enter_decision
from candide.admissions.decisions.domain.ranking import places_taken, ranked
from candide.admissions.decisions.domain.release import release
from candide.admissions.decisions.domain.routing import confirm_route
from candide.admissions.decisions.models import Decision, IntakeDecisions
from candide.core.blockers import Refused
from candide.core.clock import localdate
from candide.foundation.history.models import HistoryEntry
from candide.institution.catalogue.enums import AdmissionRoute, RankDisplay
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.admissions.conftest import NOW, again, staff_member
from tests.admissions.decisions.conftest import decision_type, draft_of
from tests.factories.candidates import CandidateFactory
from tests.factories.catalogue import IntakeFactory

CAPACITY = 1
DAY = timedelta(days=1)
# How lives begin, since chance alone seldom comes that far: whose decision, what, which rank.
BEGINNINGS = [
    [],
    [(0, Outcome.FAVOURABLE, 1), (1, Outcome.RESERVE_LIST, 2), (2, Outcome.RESERVE_LIST, 1)],
    [(0, Outcome.FAVOURABLE, 1), (1, Outcome.FAVOURABLE, 1), (2, Outcome.RESERVE_LIST, 1)],
]
Act = Callable[[Application, Any, Any, Any], object]

# What may happen to an application: who may, and how it is done, with one choice of its own.
EVENTS: dict[str, tuple[str, Act, st.SearchStrategy]] = {
    "cancel": (
        "applications.change_own",
        lambda application, by, now, _choice: cancel(application, by=by, now=now),
        st.none(),
    ),
    "transmit": (
        "applications.change_own",
        lambda application, by, now, _choice: transmit(application, by=by, now=now),
        st.none(),
    ),
    "accept": (
        "applications.change_own",
        lambda application, by, now, _choice: accept(application, by=by, now=now),
        st.none(),
    ),
    "withdraw": (
        "applications.change_own",
        lambda application, by, now, _choice: withdraw(application, by=by, now=now),
        st.none(),
    ),
    "restore": (
        "applications.restore",
        lambda application, by, now, _choice: restore(application, by=by, now=now),
        st.none(),
    ),
    "status": (
        "applications.set_status",
        lambda application, by, now, status: declare_status(application, status, by=by, now=now),
        st.sampled_from(DossierStatus),
    ),
    "route": (
        "applications.set_route",
        lambda application, by, now, route: set_route(application, route, by=by, now=now),
        st.sampled_from(AdmissionRoute),
    ),
    "confirm route": (
        "decisions.confirm_route",
        lambda application, by, now, _choice: confirm_route(application, by=by, now=now),
        st.none(),
    ),
    "enter": (
        "decisions.enter",
        lambda application, by, now, said: enter_decision(
            application, draft_of(said[0], rank=said[1]), by=by, now=now
        ),
        st.tuples(st.sampled_from(Outcome), st.integers(1, 3)),
    ),
    "delete draft": (
        "decisions.enter",
        lambda application, by, now, _choice: delete_draft(application, by=by),
        st.none(),
    ),
    "release": (
        "decisions.release",
        lambda application, by, now, _choice: release(application, by=by, now=now),
        st.none(),
    ),
    "documents day": (
        "applications.set_deadlines",
        lambda application, by, now, days: extend_documents_due(
            application, localdate(now) + days * DAY, by=by, now=now
        ),
        st.integers(-1, 9),
    ),
    "answer day": (
        "applications.set_deadlines",
        lambda application, by, now, days: extend_acceptance_due(
            application, localdate(now) + days * DAY, by=by, now=now
        ),
        st.integers(-1, 9),
    ),
}
CHOICES = st.sampled_from(sorted(EVENTS)).flatmap(
    lambda event: st.tuples(st.just(event), EVENTS[event][2])
)


def written() -> tuple[int, int]:
    """How many entries of the history and how many mails there are."""
    return HistoryEntry.objects.count(), OutgoingMail.objects.count()


def axes(application: Application) -> tuple[Any, ...]:
    """What the state machine is made of, and the draft nobody but staff sees."""
    decision = released_decision(application)
    return (
        application.dossier_status,
        application.route,
        application.is_route_confirmed,
        decision and decision.pk,
        application.answer,
        application.cancelled_at,
        list(application.decisions.drafts().values_list("pk", "type", "rank", "created_at")),
        application.documents_extended_to,
        application.acceptance_extended_to,
        application.reminded_at,
    )


def stored() -> dict[int, tuple[Any, ...]]:
    found = Application.objects.with_offer().order_by("pk")
    return {application.pk: axes(application) for application in found}


class Lives(RuleBasedStateMachine):
    """Three candidates who applied to an intake with one place and a reserve list that calls by
    itself, and who may do something there. What happens is undone in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.beginning = transaction.savepoint()
        self.now = NOW
        Institution.current()
        Institution.objects.update(rank_display=RankDisplay.CURRENT)
        self.intake = IntakeFactory(
            closes_on=localdate(NOW) + 6 * DAY,
            documents_due_on=localdate(NOW) + 8 * DAY,
            acceptance_due_on=localdate(NOW) + 12 * DAY,
            capacity=CAPACITY,
            has_automatic_reserve_list=True,
        )
        by_itself = decision_type(Outcome.FAVOURABLE, code="by-itself")
        IntakeDecisions.objects.create(intake=self.intake, favourable=by_itself, called=by_itself)
        self.candidates = [
            CandidateFactory(complete=True, user__activated_at=NOW) for _number in range(3)
        ]
        for candidate in self.candidates:
            apply_to(self.intake, user=candidate.user, by=candidate.user, now=NOW)
        centre = self.intake.programme.commission.centre
        self.people = {
            "manager": staff_member("manager", centre=centre),
            "administrator": staff_member("administrator"),
        }
        self.ranks: dict[int, int] = {}
        self.called = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.beginning)

    def last(self, number: int) -> Application:
        """The last application of that candidate."""
        found = Application.objects.with_offer().filter(candidate=self.candidates[number])
        return found.order_by("pk")[found.count() - 1]

    def watch(self, act: Callable[[], object]) -> None:
        """Do it. Refused, it leaves nothing behind: no change, no entry, no mail. Done, everything
        that changed is in the history, and mails tell of nothing else."""
        before, counts = stored(), written()
        try:
            act()
        except Refused:
            assert (stored(), written()) == (before, counts)
            return
        entries = HistoryEntry.objects.order_by("-pk")[: written()[0] - counts[0]]
        told = {entry.subject_id for entry in entries if "application" in entry.subject_type}
        changed = {pk for pk, found in stored().items() if found != before.get(pk)}
        assert changed <= told
        news = OutgoingMail.objects.order_by("-pk")[: written()[1] - counts[1]]
        assert {mail.about_id for mail in news} <= told

    @initialize(decided=st.sampled_from(BEGINNINGS))
    def begin(self, decided: list[tuple[int, Outcome, int]]) -> None:
        for number, outcome, rank in decided:
            self.decided(number, outcome, rank)

    @rule(number=st.integers(0, 2))
    def apply(self, number: int) -> None:
        user = self.candidates[number].user
        self.watch(lambda: apply_to(self.intake, user=user, by=user, now=self.now))

    @rule(number=st.integers(0, 2), chosen=CHOICES, is_administrator=st.booleans())
    def happens(self, number: int, chosen: tuple[str, Any], is_administrator: bool) -> None:
        """Who may tries, possible or not."""
        application = self.last(number)
        permission, act, _choices = EVENTS[chosen[0]]
        staff = self.people["administrator" if is_administrator else "manager"]
        by = application.candidate.user if permission.endswith("_own") else staff
        assert by.has_perm(permission, application)
        self.now += timedelta(minutes=1)
        self.watch(lambda: act(application, by, self.now, chosen[1]))

    @rule(number=st.integers(0, 2), outcome=st.sampled_from(Outcome), rank=st.integers(1, 3))
    def decided(self, number: int, outcome: Outcome, rank: int) -> None:
        """Entered and released: what leads furthest."""
        application, manager = self.last(number), self.people["manager"]
        self.now += timedelta(minutes=1)
        draft = draft_of(outcome, rank=rank)
        self.watch(lambda: enter_decision(application, draft, by=manager, now=self.now))
        self.watch(lambda: release(application, by=manager, now=self.now))

    @rule(number=st.integers(0, 2), is_accepted=st.booleans())
    def answered(self, number: int, is_accepted: bool) -> None:
        application = self.last(number)
        act = accept if is_accepted else withdraw
        self.watch(lambda: act(application, by=application.candidate.user, now=self.now))

    @rule(days=st.sampled_from([1, 3, 13]))
    def nights_pass(self, days: int) -> None:
        """What the nightly jobs do [T22, T24]."""
        self.now += days * DAY
        for application in Application.objects.with_offer().order_by("pk"):
            self.watch(lambda application=application: remind(application, now=self.now))
            self.watch(lambda application=application: auto_withdraw(application, now=self.now))

    @invariant()
    def nobody_applies_twice(self) -> None:
        live = Application.objects.live().values("candidate", "intake")
        assert not live.annotate(number=Count("pk")).filter(number__gt=1).exists()

    @invariant()
    def candidates_see_what_was_released_and_no_draft(self) -> None:
        institution = Institution.current()
        for application in Application.objects.with_offer():
            assert differences(application, institution) == []
            decision = released_decision(application)
            assert application.released_outcome == (decision.type.outcome if decision else "")
            seen = Decision.objects.visible_to(application.candidate.user)
            assert not seen.drafts().exists()

    @invariant()
    def only_offers_are_answered(self) -> None:
        answered = Application.objects.exclude(answer="")
        assert set(answered.values_list("released_outcome", flat=True)) <= {Outcome.FAVOURABLE}
        without = answered.filter(answered_at=None)
        assert not without.exists()

    @invariant()
    def ranks_are_dense_and_what_is_shown_never_grows(self) -> None:
        waiting = ranked(self.intake)
        assert [decision.current_rank for decision, _ in waiting] == [*range(1, len(waiting) + 1)]
        shown = {
            decision.pk: again(application).rank_shown
            for decision, application in waiting
            if again(application).rank_shown is not None
        }
        assert all(rank <= self.ranks.get(pk, rank) for pk, rank in shown.items())
        self.ranks = shown

    @invariant()
    def calls_stop_at_the_capacity(self) -> None:
        """Staff may offer more by hand; nobody is called then."""
        called = Decision.objects.filter(is_promotion=True).count()
        assert called == self.called or places_taken(self.intake) <= CAPACITY
        self.called = called


ROLES = ("applicant", "other candidate", "manager", "elsewhere", "member", "administrator")
STAFF = {"manager", "administrator"}
MAY = {
    "applications.change_own": {"applicant"},
    "applications.restore": STAFF,
    "applications.set_status": STAFF,
    "applications.set_route": STAFF,
    "applications.set_deadlines": STAFF,
    "decisions.confirm_route": STAFF,
    "decisions.enter": {*STAFF, "member"},
    "decisions.release": STAFF,
}


@pytest.mark.parametrize("event", EVENTS)
def test_nobody_else_may(application, alix, bao, chris, event):
    commission = application.intake.programme.commission
    member = staff_member("commission", commission=commission)
    other, administrator = CandidateFactory().user, staff_member("administrator")
    people = dict(zip(ROLES, (alix.user, other, bao, chris, member, administrator), strict=True))
    permission, _act, _choices = EVENTS[event]

    who = {role for role, person in people.items() if person.has_perm(permission, application)}

    assert who == MAY[permission]


def live(*, lives: int, events: int, phases: Sequence[Phase] = tuple(Phase)) -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=lives,
            stateful_step_count=events,
            deadline=None,
            derandomize=lives < 100,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_whatever_happens_the_invariants_hold():
    # Without making what fails smaller, which takes long.
    live(lives=5, events=30, phases=[Phase.generate])


@pytest.mark.soak
@pytest.mark.django_db
def test_whatever_happens_long_enough_the_invariants_hold():
    live(lives=200, events=80)
