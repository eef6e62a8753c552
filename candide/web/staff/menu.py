"""What the institution may leave out of the menus of staff, for all but those who set it up. The
pages stay open to whoever has the right [back-office 2]."""

from typing import Any

from django.utils.translation import pgettext_lazy

from candide.web.staff.rights.pages import RIGHTS
from candide.web.staff.settings.screens import GROUPS

# Of the main menu; « Aujourd'hui », « Candidatures » and « Paramétrage » are always there.
MAIN = (
    ("staff:candidates", pgettext_lazy("menu", "Candidates")),
    ("staff:runs", pgettext_lazy("menu", "My actions")),
    ("staff:releases", pgettext_lazy("menu", "Releases")),
    ("staff:downloads", pgettext_lazy("menu", "My exports")),
    ("staff:statistics", pgettext_lazy("menu", "Statistics")),
)


def entries() -> list[tuple[str, Any]]:
    """Every entry that may be hidden: its page and its words."""
    settings = [
        (f"staff:{screen.name}", f"{group.title} – {screen.title}")
        for group in GROUPS
        for screen in (*(each for each in group.screens if each.has_list), *group.pages)
    ]
    rights = [(f"staff:{page.name}", page.title) for page in RIGHTS]
    return [*MAIN, *settings, *rights]
