"""One action for many applications: chosen, told, examined, looked at, running, ended; and the list
of one's actions."""

from candide.foundation.runs.enums import ItemState, RunState
from candide.institution.access.enums import Capability
from candide.institution.access.models import Assignment, Grant, RoleProfile
from tests.browser.states.staff import manager_without_rights, staff, types
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.runs import CONFIRMED_AT, ENDED_AT, RunFactory, RunItemFactory

ACTIONS = "/gestion/actions/"
STATUS = {"action": "statut", "values": {"status": "complete", "on": None}}
WARNING = [["documents_open", "Des pièces manquent ou sont refusées."]]
REFUSAL = [["cancelled", "Cette candidature a été annulée."]]


def asker(made):
    return made[1]


def made_of(state, *, values=STATUS, items=(), role="administrator", **fields):
    """A function that makes a run in this state with these items, and who asked for it."""

    def make():
        user = staff(role)
        confirmed = state in {RunState.RUNNING, RunState.STOPPED, RunState.DONE}
        run = RunFactory(
            asked_by=user,
            state=state,
            values=values,
            version=1,
            confirmed_at=CONFIRMED_AT if confirmed else None,
            ended_at=ENDED_AT if state in {RunState.STOPPED, RunState.DONE} else None,
            **fields,
        )
        for item_state, notes in items or [(ItemState.SELECTED, [])] * 3:
            settled = confirmed and item_state in {ItemState.DONE, ItemState.FAILED}
            RunItemFactory(
                run=run,
                subject_id=ApplicationFactory(transmitted=True).pk,
                state=item_state,
                says="Réceptionné → Complet",
                notes=notes,
                settled_at=ENDED_AT if settled else None,
            )
        types()
        return run, user

    return make


EVERY_PREVIEW = [
    (ItemState.READY, []),
    (ItemState.READY, WARNING),
    (ItemState.NEEDLESS, []),
    (ItemState.REFUSED, REFUSAL),
    (ItemState.FAILED, [["failed", "ValueError"]]),
    *[(ItemState.READY, [])] * 50,
]
EVERY_OUTCOME = [
    (ItemState.DONE, WARNING),
    (ItemState.READY, []),
    (ItemState.NEEDLESS, []),
    (ItemState.REFUSED, REFUSAL),
    (ItemState.FAILED, [["failed", "ValueError"]]),
]


def out_of_reach():
    """The report of somebody who lost the centre since."""
    run, _user = made_of(RunState.DONE, items=EVERY_OUTCOME)()
    run.asked_by = manager_without_rights()
    run.save()
    return run, run.asked_by


def reader():
    """A selection of somebody who may only read."""
    run, _user = made_of(RunState.PREPARED, values={})()
    role = RoleProfile.objects.create(code="reader", name="Lecture")
    Grant.objects.create(role=role, capability=Capability.VIEW_APPLICATIONS, can_write=False)
    user = UserFactory(staff=True)
    Assignment.objects.create(user=user, role=role)
    run.asked_by = user
    run.save()
    return run, user


def every_run():
    """One in each state, and more than a page of them."""
    for state in RunState:
        made_of(state, items=EVERY_OUTCOME[:1])()
    user = staff("administrator")
    for _number in range(50):
        RunFactory(asked_by=user)
    return None, user


def at(made, below=""):
    return f"{ACTIONS}{made[0].pk}/{below}"


def state(name, setup, below="", **more):
    return State(
        f"bulk, {name}",
        lambda made: at(made, below),
        asker,
        setup=setup,
        weighed=False,
        **more,
    )


def telling(code, **more):
    return state(f"told {code}", made_of(RunState.PREPARED, values={}), f"faire/{code}/", **more)


STATES = [
    State("bulk, no actions", ACTIONS, manager_without_rights, weighed=False),
    State("bulk, actions", ACTIONS, asker, setup=every_run, weighed=False),
    State(
        "bulk, nothing selected",
        ACTIONS,
        manager_without_rights,
        post={},
        status=409,
        weighed=False,
    ),
    state("selected", made_of(RunState.PREPARED, values={})),
    state("selected, no right", reader),
    telling("statut"),
    telling("avis"),
    telling("date-de-retour"),
    telling("validation"),
    telling("droits"),
    telling("regime"),
    state(
        "told nothing of the fees",
        made_of(RunState.PREPARED, values={}),
        "faire/droits/",
        post={},
        status=409,
    ),
    state(
        "told wrongly",
        made_of(RunState.PREPARED, values={}),
        "faire/statut/",
        post={"status": ""},
        status=422,
    ),
    state(
        "told what is impossible",
        made_of(RunState.PREPARED, values={}),
        "faire/date-de-retour/",
        post={"day": "2020-01-01"},
        status=409,
    ),
    state("being examined", made_of(RunState.EXAMINING)),
    state("preview", made_of(RunState.EXAMINED, items=EVERY_PREVIEW)),
    state(
        "preview of one state", made_of(RunState.EXAMINED, items=EVERY_PREVIEW), "?state=refused"
    ),
    state("preview, nothing possible", made_of(RunState.EXAMINED, items=EVERY_PREVIEW[3:4])),
    state("running", made_of(RunState.RUNNING, items=EVERY_OUTCOME)),
    state("stopped", made_of(RunState.STOPPED, items=EVERY_OUTCOME)),
    state("report", made_of(RunState.DONE, items=[EVERY_OUTCOME[0], *EVERY_OUTCOME[2:]])),
    state("report, out of reach", out_of_reach),
    state("stopped twice", made_of(RunState.STOPPED), "arreter/", post={}, status=409),
]
