"""The grid of applications: wide, sorted, with views, and what one sets it up with."""

from candide.admissions.applications.domain.saved_views import save_view
from tests.browser.states.staff import GRID, administrator, every_application, staff
from tests.browser.states.state import State

COLUMNS = "&".join(
    f"columns={code}"
    for code in ("born_on", "dossier", "refused", "bac_series", "decision_type", "answer_due")
)


def with_views():
    """Ada, who keeps two views, one of them shared."""
    every_application()
    ada = staff("administrator")
    save_view(by=ada, name="À vérifier", query="dossier=received")
    save_view(by=ada, name="Sans réponse", query="answer=none", is_shared=True)
    return ada


def herself(ada):
    return ada


STATES = [
    State(
        "applications, chosen columns",
        f"{GRID}?{COLUMNS}&sort=name&sort=-born_on&frozen=3",
        administrator,
        every_application,
        weighed=False,
    ),
    State(
        "applications, further filters",
        f"{GRID}?due_within=30&place=cancelled",
        administrator,
        every_application,
        weighed=False,
    ),
    State("applications, with views", f"{GRID}?place=", herself, with_views, weighed=False),
    State("columns", f"{GRID}colonnes/", administrator, weighed=False),
    State(
        "columns, as many as may be",
        f"{GRID}colonnes/?" + "&".join(f"columns=q-{number}" for number in range(45)),
        administrator,
        weighed=False,
    ),
    State("views", f"{GRID}vues/?q=a", herself, with_views, weighed=False),
    State("views, none", f"{GRID}vues/", administrator, weighed=False),
    State(
        "views, refused",
        f"{GRID}vues/",
        administrator,
        post={"name": "", "query": ""},
        status=422,
        weighed=False,
    ),
]
