"""Programmes read back from a spreadsheet: the page, the preview of every outcome, the report."""

from candide.foundation.runs.enums import ItemState, RunState
from candide.institution.catalogue.models import Institution
from tests.browser.states.staff import staff
from tests.browser.states.state import State
from tests.factories.accounts import UserFactory
from tests.factories.runs import CONFIRMED_AT, ENDED_AT, RunFactory, RunItemFactory

PAGE = "/gestion/parametrage/importer/formations/"
LONG = "Un cursus en deux ans, en alternance, avec un semestre à l'étranger. " * 4


def ada(_made=None):
    return staff("administrator")


def change(label, before, after):
    return {
        "part": "intake",
        "name": "capacity",
        "language": "",
        "label": label,
        "before": before,
        "after": after,
        "before_words": before,
        "after_words": after,
    }


CAPACITY = change("Capacité d'accueil", "30", "45")
CLOSES = change("Fin de dépôt", "14 avril 2027", "21 avril 2027")
INFORMATION = change("Informations complémentaires (fr)", "", LONG)
NAME = change("Nom (fr)", "", "Licence de mathématiques")
SINCE = [
    "changed_since",
    "La colonne « Capacité d'accueil » a été modifiée depuis l'export : elle reste « 60 ».",
]
MISREAD = [
    "misread",
    "Colonne « Fin de dépôt », « bientôt » : Une date est attendue, comme 31/03/2027.",
]
LINES = (
    (ItemState.READY, "INFO – Licence informatique", [], "", [CAPACITY, CLOSES, INFORMATION], []),
    (ItemState.READY, "PHYS – Licence physique", [], "", [CLOSES], [SINCE]),
    (ItemState.READY, "MATH – Maths", ["programme"], "nouvelle formation", [NAME], []),
    (ItemState.NEEDLESS, "DROIT – Master de droit", [], "", [], []),
    (ItemState.REFUSED, "CHIM – Licence de chimie", [], "", [], [MISREAD]),
)


def made(state, **fields):
    def make():
        Institution.current()
        by = UserFactory(staff=True, first_name="Bao", last_name="TRAN")
        values = {"table": "formations", "sheet": "Formations", "ignored": ["Humeur"]}
        run = RunFactory(kind="table", state=state, asked_by=by, values=values, **fields)
        for number, (became, name, new, says, changes, notes) in enumerate(LINES, start=2):
            is_done = state == RunState.DONE and became == ItemState.READY
            plan = {"name": name, "beside": "2027", "made": new, "changes": changes}
            RunItemFactory(
                run=run,
                position=number,
                subject_id=number,
                state=ItemState.DONE if is_done else became,
                says=says,
                notes=notes,
                details={"plan": plan},
            )
        return run

    return make


def run_page(run):
    return f"/gestion/actions/{run.pk}/"


def asker(run):
    user = ada()
    run.asked_by = user
    run.save()
    return user


def institution():
    Institution.current()


def shown(name, actor, **more):
    return State(f"import, {name}", actor=actor, weighed=False, **more)


STATES = [
    shown("no file", ada, url=PAGE, setup=institution, post={}, status=422),
    shown("preview", asker, url=run_page, setup=made(RunState.EXAMINED)),
    shown(
        "report",
        asker,
        url=run_page,
        setup=made(RunState.DONE, confirmed_at=CONFIRMED_AT, ended_at=ENDED_AT),
    ),
]
