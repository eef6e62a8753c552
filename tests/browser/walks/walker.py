"""Somebody who walks through the demonstration: who they are, the page before them, the words on
it, how they use it."""

import re
import secrets
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from tests.browser.walks.hands import Hands
from tests.browser.walks.words import FRENCH, Words

PASSWORD = "Orage-Bleu-42!"
KEYS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def unused_ine() -> str:
    """A BEA number with its right key, of an academy that does not exist."""
    body = f"98{secrets.randbelow(10**8):08d}"
    return body + KEYS[int(body) % 23]


@dataclass(frozen=True)
class Person:
    """Somebody new, each time another."""

    first_name: str = "Élodie"
    last_name: str = "Vasseur"
    email: str = field(default_factory=lambda: f"elodie-{secrets.token_hex(4)}@courriel.example")
    ine: str = field(default_factory=unused_ine)


@dataclass
class Walker:
    page: Page
    person: Person = field(default_factory=Person)
    words: Words = FRENCH
    has_script: bool = True
    hands_of: type[Hands] = Hands

    def __post_init__(self) -> None:
        self.hands = self.hands_of(self.page)

    # -- Finding ----------------------------------------------------------------------------------
    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def field(self, label: str) -> Locator:
        """A field by the whole of its label, whether it is mandatory or not."""
        whole = re.compile(rf"^\s*{re.escape(label)}\s*(\((obligatoire|required)\))?\s*$")
        return self.main.get_by_label(whole)

    def link(self, name: str) -> Locator:
        return self.main.get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        return self.main.get_by_role("button", name=name, exact=True)

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def document(self, label: str) -> Locator:
        """A document in the checklist of an application."""
        title = self.page.get_by_role("heading", name=label, exact=True, level=3)
        return self.page.locator(".candide-checklist-item").filter(has=title)

    def question(self, label: str) -> Locator:
        return self.page.locator("#questions .candide-checklist-item").filter(has_text=label)

    @property
    def dossier_status(self) -> Locator:
        """The status of the dossier, in « Informations détaillées »."""
        return self.page.locator("#details .candide-status").first

    # -- Doing ------------------------------------------------------------------------------------
    def go(self, entry: str) -> None:
        """An entry of the main menu."""
        self.page.wait_for_load_state()
        menu = self.page.get_by_role("button", name=self.words.menu)
        if menu.is_visible():
            self.hands.press(menu)
        self.hands.follow(self.page.locator("#site-nav").get_by_role("link", name=entry))

    def account(self, entry: str) -> None:
        """A link or the button of the menu « Mon compte »."""
        menu = self.page.locator(".user-menu")
        self.hands.open(menu.locator("summary"))
        link = menu.get_by_role("link", name=entry)
        self.hands.follow(link.or_(menu.get_by_role("button", name=entry)))

    def follow(self, name: str) -> None:
        self.hands.follow(self.link(name))

    def section(self, name: str) -> None:
        """Another section of the file, from the list of them beside the page."""
        link = self.main.locator(".page-aside").get_by_role("link", name=re.compile(f"^{name}"))
        self.hands.follow(link)

    def press(self, name: str) -> None:
        self.hands.press(self.button(name))

    def fill(self, label: str, text: str) -> None:
        self.hands.fill(self.field(label), text)

    def tick(self, label: str) -> None:
        self.hands.tick(self.field(label))

    def choose(self, label: str, entry: str) -> None:
        self.hands.choose(self.field(label), entry)

    def tick_facet(self, facet: str, value: str) -> None:
        """One value of a facet of the catalogue; what is found follows."""
        self.hands.tick(self.main.get_by_role("group", name=facet).get_by_label(value))
        expect(self.main.locator(".htmx-request")).to_have_count(0)

    def wait_for_lists(self, part: str) -> None:
        """What was just entered decides what can be chosen next: wait for it, or ask for it."""
        if self.has_script:
            expect(self.main.locator("[data-save-state]")).not_to_have_attribute(
                "data-save-state", "saving"
            )
            expect(self.main.locator(".htmx-request")).to_have_count(0)
        else:
            self.hands.press(self.main.locator(f"button[name=refresh][value={part}]"))

    def read_answer(self, words: str, question: str, answer: str) -> None:
        """Search the frequent questions for `words`, open the `question` found, read its answer."""
        self.fill("Rechercher parmi les questions", words)
        self.see(f"pour « {words} »")
        found = self.main.locator("details.question").filter(has_text=question)
        if found.get_attribute("open") is None:
            self.hands.open(found.locator("summary"))
        expect(found.locator(".question-answer")).to_contain_text(answer)

    def see(self, text: str) -> None:
        expect(self.main).to_contain_text(text)

    def title(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)
