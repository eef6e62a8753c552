"""Releases of decisions: none, waiting, in every state, one decision of one."""

from datetime import timedelta

from candide.admissions.decisions.enums import CallEnd, DecisionEvent
from candide.admissions.decisions.models import DecisionType, IntakeDecisions
from candide.admissions.releases.enums import ReleaseState, RowState
from candide.foundation.history.domain.log import log
from candide.foundation.runs.enums import ItemState, RunState
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import manager_without_rights, member, staff, types
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionFactory, DecisionTypeFactory
from tests.factories.files import StoredFileFactory
from tests.factories.releases import DAY, ReleaseFactory, ReleaseRowFactory
from tests.factories.runs import CONFIRMED_AT, RunFactory, RunItemFactory

RELEASES = "/gestion/publications/"
WARNING = [["not_complete", "Le dossier est « Réceptionné », pas complet."]]
CHANGED = [["changed", "Une donnée de son mail ou de sa lettre a changé depuis leur préparation."]]


def ada(_made=None):
    return staff("administrator")


def page(name=""):
    return lambda release: f"{RELEASES}{release.pk}/{name}"


def release_with(*states, run=RunState.DONE, above=None, rows=1, **fields):
    """A function that makes a release with a row in each of these states."""

    def make():
        Institution.current()
        Institution.objects.update(release_agreement_above=above)
        asked_by = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
        confirmed = {"confirmed_at": CONFIRMED_AT, "asked_by": asked_by, "kind": "release"}
        work = RunFactory(state=run, **confirmed)
        release = ReleaseFactory(run=work, created_by=asked_by, **fields)
        kinds = [
            DecisionTypeFactory(label="Avis favorable"),
            DecisionTypeFactory(label="Liste complémentaire", outcome="reserve_list"),
        ]
        for number, state in enumerate(states * rows):
            application = ApplicationFactory(complete=True, has_draft_decision=True)
            waits = state == RowState.WAITING
            ReleaseRowFactory(
                release=release,
                application=application,
                position=number + 1,
                state=state,
                type=None if waits else kinds[number % 2],
                fingerprint="" if waits else "0" * 64,
                letter=None if waits or number % 2 else StoredFileFactory(name="lettre.pdf"),
                notes={RowState.REFUSED: CHANGED, RowState.PREPARED: WARNING}.get(state, []),
            )
            item = ItemState.READY if run == RunState.RUNNING else ItemState.FAILED
            RunItemFactory(
                run=work, subject_id=application.pk, state=item if waits else ItemState.DONE
            )
            release.programmes.add(application.intake.programme)
        return release

    return make


PREPARED, WAITING = RowState.PREPARED, RowState.WAITING


def waiting_and_done():
    """Drafts of a programme, and releases in every state."""
    drafts = ApplicationFactory(complete=True, has_draft_decision=True, has_any_decision=True)
    ApplicationFactory(intake=drafts.intake, has_draft_decision=True, has_any_decision=True)
    release_with(PREPARED)()
    release_with(WAITING, PREPARED, run=RunState.STOPPED)()
    release_with(PREPARED, prevented_by=["not_agreed"])()
    release_with(PREPARED, planned=True)()
    release_with(RowState.RELEASED, RowState.REFUSED, done=True)()
    release_with(PREPARED, state=ReleaseState.GIVEN_UP)()


def listed(name, setup=lambda: None, *, url=RELEASES, actor=ada, **more):
    return State(f"staff, {name}", url, actor, setup=setup, weighed=False, **more)


def shown(name, setup, path="", **more):
    return listed(name, setup, url=page(path), **more)


def applied():
    return ApplicationFactory(complete=True, has_draft_decision=True)


def drafted():
    """Complete, with a draft, and more than a page of them; every type and reason to choose."""
    types()
    first = ApplicationFactory(complete=True, has_draft_decision=True, has_any_decision=True)
    DecisionFactory(
        application=first, type=DecisionType.objects.get(outcome="reserve_list"), rank=3
    )
    for number in range(55):
        ApplicationFactory(intake=first.intake, complete=number % 2 == 0)
    return first


def typed(application):
    """A line with a decision without its rank, and one that is somebody else's by now."""
    kind = DecisionType.objects.get(outcome="reserve_list")
    other = application.intake.applications.exclude(pk=application.pk).first()
    return {
        "rows": [str(application.pk), str(other.pk)],
        f"{application.pk}-type": str(kind.pk),
        f"{application.pk}-rank": "4",
        f"{application.pk}-seen": "12-autre",
        f"{other.pk}-type": str(kind.pk),
    }


def by_list(application):
    return f"/gestion/avis/{application.intake_id}/"


def listed_ones():
    """Three wait, two were called, of whom one declined; places, and what calling did."""
    intake = IntakeFactory(capacity=3, has_automatic_reserve_list=True)
    kind = DecisionTypeFactory(label="Admis depuis la liste complémentaire")
    waits = DecisionTypeFactory(label="Liste complémentaire", outcome="reserve_list")
    IntakeDecisions.objects.create(intake=intake, called=kind)
    ApplicationFactory(intake=intake, accepted=True)
    for rank in (3, 4, 5):
        row = ApplicationFactory(
            intake=intake,
            complete=True,
            has_any_decision=True,
            released_outcome="reserve_list",
            rank_shown=rank,
        )
        DecisionFactory(
            application=row, type=waits, rank=rank, current_rank=rank - 2, released=True
        )
    for trait in ("offered", "withdrawn"):
        row = ApplicationFactory(intake=intake, **{trait: True})
        DecisionFactory(application=row, type=kind, is_promotion=True, released=True)
    log(intake, DecisionEvent.LIST_CALLED, freed=2, called=[1, 2], end=CallEnd.FREED)
    log(
        intake, DecisionEvent.LIST_CALLED, by=staff("administrator"), asked=1, called=[], end="full"
    )
    return row


def reserve(path=""):
    return lambda application: f"/gestion/avis/{application.intake_id}/liste/{path}"


def call_of(number):
    def address(application):
        kind = IntakeDecisions.objects.get(intake=application.intake).called_id
        path = f"/gestion/avis/{application.intake_id}/liste/appeler/"
        return f"{path}?number={number}&kind={kind}"

    return address


def sheet(application):
    return f"/gestion/avis/{application.intake_id}/tableur/"


STATES = [
    listed("decisions by programme", drafted, url="/gestion/avis/"),
    listed("decisions by programme, none", url="/gestion/avis/"),
    listed("decisions by list", drafted, url=by_list),
    listed("decisions by list, none", drafted, url=lambda one: f"{by_list(one)}?q=personne"),
    listed("decisions by list, refused", drafted, url=by_list, post=typed, status=409),
    listed("reserve list", listed_ones, url=reserve()),
    listed("reserve list, nobody", applied, url=reserve()),
    listed("reserve list, called", listed_ones, url=reserve("?show=called")),
    listed("reserve list, declined", listed_ones, url=reserve("?show=declined")),
    listed("reserve list, no new place", listed_ones, url=reserve("ordre/"), post={}, status=409),
    listed("reserve list, number missing", listed_ones, url=reserve("appeler/"), status=422),
    listed("reserve list, call", listed_ones, url=call_of(3)),
    listed("decisions from a spreadsheet", applied, url=sheet),
    listed("decisions from a spreadsheet, none", applied, url=sheet, post={}, status=422),
    listed("releases, none"),
    listed("releases", waiting_and_done),
    listed("releases, day missing", waiting_and_done, post={"day": ""}, status=422),
    listed("releases, nothing chosen", post={"day": DAY.isoformat()}, status=409),
    listed(
        "releases, member",
        ApplicationFactory,
        actor=member,
        status=403,
    ),
    shown("release, being prepared", release_with(WAITING, PREPARED, run=RunState.RUNNING)),
    shown("release, stopped", release_with(WAITING, PREPARED, run=RunState.STOPPED)),
    shown("release, prepared", release_with(PREPARED, WAITING, rows=30)),
    shown("release, to be agreed to", release_with(PREPARED, PREPARED, above=1)),
    shown("release, planned", release_with(PREPARED, planned=True)),
    shown(
        "release, prevented",
        release_with(PREPARED, prevented_by=["not_agreed", "other_day"], day=DAY - timedelta(1)),
    ),
    shown("release, done", release_with(RowState.RELEASED, RowState.REFUSED, done=True)),
    shown("release, given up", release_with(PREPARED, state=ReleaseState.GIVEN_UP)),
    shown("release, now", release_with(PREPARED, PREPARED), "publier/"),
    shown(
        "release, hour missing",
        release_with(PREPARED),
        "planifier/",
        post={"hour": ""},
        status=422,
    ),
    shown("release, one decision", release_with(PREPARED, PREPARED, PREPARED), "lignes/1/"),
    shown("release, one not prepared", release_with(WAITING), "lignes/1/"),
    shown("release, not found", release_with(PREPARED), actor=manager_without_rights, status=404),
]
