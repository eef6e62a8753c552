"""Releases of decisions: none, waiting, in every state, one decision of one."""

from datetime import timedelta

from candide.admissions.releases.enums import ReleaseState, RowState
from candide.foundation.runs.enums import ItemState, RunState
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import manager_without_rights, member, staff
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.decisions import DecisionTypeFactory
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


def sheet(application):
    return f"/gestion/avis/{application.intake_id}/tableur/"


STATES = [
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
