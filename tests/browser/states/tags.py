"""Tags: their screen, an application that has some, and many applications at once."""

from candide.admissions.tags.enums import TagColour
from candide.foundation.runs.enums import RunState
from tests.browser.states import candidate
from tests.browser.states.bulk import ACTIONS, asker, made_of
from tests.browser.states.staff import GRID, administrator, bao, member, page
from tests.browser.states.state import State
from tests.factories.tags import TagFactory, TaggingFactory

TAGS = "/gestion/parametrage/etiquettes/"


def every_colour():
    for colour in TagColour:
        TagFactory(label=f"Étiquette {colour.label}", colour=colour)


def tagged():
    """An application with a tag of each colour but two, which it may be given."""
    application = candidate.received()
    every_colour()
    for tag in list(TagFactory._meta.model.objects.order_by("pk"))[:6]:
        TaggingFactory(application=application, tag=tag)
    return application


def chosen():
    every_colour()
    return made_of(RunState.PREPARED, values={})()


STATES = [
    State("tags", TAGS, administrator, every_colour, weighed=False),
    State("tags, new", f"{TAGS}nouveau/", administrator, weighed=False),
    State(
        "application with tags",
        page,
        bao,
        tagged,
        act=lambda browser, _subject: browser.get_by_text("Ajouter des étiquettes").click(),
        weighed=False,
    ),
    State("application with tags, to be read", page, member, tagged, weighed=False),
    State(
        "applications with tags",
        f"{GRID}?columns=tags&columns=dossier",
        administrator,
        tagged,
        weighed=False,
    ),
    State(
        "tags of many",
        lambda made: f"{ACTIONS}{made[0].pk}/faire/etiquettes/",
        asker,
        chosen,
        weighed=False,
    ),
]
