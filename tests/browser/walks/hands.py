"""How somebody uses a page: with a mouse or a finger, or with the keyboard alone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 150
MOST_ARROWS = 40

# How often to press Tab at least until the focus is on one of the targets: 0 when it is there. Of
# radio buttons, of which Tab may leave some out, none counts, so that it never goes too far.
_TABS_TO = """targets => {
  const focused = document.activeElement;
  if (targets.includes(focused)) return 0;
  const known = "a[href], button, input, select, textarea, summary, [tabindex]";
  const stops = [...document.querySelectorAll(known)].filter((one) => {
    const isOne = one.tabIndex >= 0 && !one.matches(":disabled") && one.type !== "radio";
    return targets.includes(one) || (isOne && one.checkVisibility({visibilityProperty: true}));
  });
  const from = stops.indexOf(focused);
  const to = stops.findIndex((one) => targets.includes(one));
  if (from < 0 || to < 0) return 1;
  return to > from ? to - from : stops.length - from + to;
}"""
_IS_FOCUSED = "element => element === document.activeElement"
# Whoever looks sees where the focus is, and it is not beyond the edge (WCAG 2.4.7, 2.4.11).
_SHOWS_FOCUS = """element => {
  const shown = [element, element.closest("label"), ...element.labels ?? []].filter(Boolean);
  const drawn = shown.some((one) => {
    const style = getComputedStyle(one);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return outlined || style.boxShadow !== "none";
  });
  const box = element.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return element.matches(":focus-visible") && drawn && inside;
}"""


class Hands:
    """A mouse, or a finger."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def follow(self, link: Locator) -> None:
        link.click()

    def press(self, button: Locator) -> None:
        button.click()

    def open(self, summary: Locator) -> None:
        summary.click()

    def fill(self, field: Locator, text: str) -> None:
        self._wait_for(field)
        field.fill(text)
        field.blur()

    def choose(self, field: Locator, label: str) -> None:
        self._wait_for(field)
        field.select_option(label=label)

    def tick(self, box: Locator) -> None:
        self._wait_for(box)
        box.check()

    def attach(self, field: Locator, files: list[Any]) -> None:
        self._wait_for(field)
        field.set_input_files(files)

    def _wait_for(self, field: Locator) -> None:
        """Until the page is there with its scripts: they do not hear what is entered before."""
        field.wait_for(state="attached")
        self.page.wait_for_load_state()


class Keyboard(Hands):
    """Tab, Enter and Space; arrows between the buttons of a group; letters where something is
    written, those of an entry where one is chosen. Each stop must show that it has the focus."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        # From now on: told only when Enter is pressed, Chromium may be too late to hand files over.
        page.on("filechooser", lambda _chooser: None)

    def follow(self, link: Locator) -> None:
        self._go(link)
        self.page.keyboard.press("Enter")

    def press(self, button: Locator) -> None:
        self._go(button)
        self.page.keyboard.press("Space")

    def open(self, summary: Locator) -> None:
        self._go(summary)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        self._wait_for(field)
        self._go(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Tab")

    def choose(self, field: Locator, label: str) -> None:
        """Its first word, then down to the entry."""
        self._wait_for(field)
        self._go(field)
        chosen = field.locator("option:checked")
        self.page.keyboard.type(label.split()[0])
        for _arrow in range(MOST_ARROWS):
            if chosen.inner_text().strip() == label:
                break
            self.page.keyboard.press("ArrowDown")
        expect(chosen).to_have_text(label)
        self.page.keyboard.press("Tab")

    def tick(self, box: Locator) -> None:
        """Of a group of buttons Tab reaches one, arrows the others."""
        self._wait_for(box)
        group = f'input[name="{box.get_attribute("name")}"]'
        self._tab_to(self.page.locator(group))
        for _arrow in range(MOST_ARROWS):
            if box.evaluate(_IS_FOCUSED):
                break
            self.page.keyboard.press("ArrowDown")
        assert box.evaluate(_SHOWS_FOCUS), f"the focus is not to be seen: {box}"
        if not box.is_checked():
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def attach(self, field: Locator, files: list[Any]) -> None:
        self._wait_for(field)
        self._go(field)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(files)

    def _go(self, to: Locator) -> None:
        """Tab until the focus is there; beyond the end of the page it begins anew."""
        expect(to).to_have_count(1)
        self._tab_to(to)
        assert to.evaluate(_SHOWS_FOCUS), f"the focus is not to be seen: {to}"

    def _tab_to(self, to: Locator) -> None:
        """Tab is held down, as there may be many stops and asking at each is slow."""
        pressed = 0
        while tabs := to.evaluate_all(_TABS_TO):
            assert pressed + tabs <= MOST_TABS, f"not reached by Tab: {to}"
            for _tab in range(tabs):
                self.page.keyboard.down("Tab")
            self.page.keyboard.up("Tab")
            pressed += tabs


def as_upload(name: str, content: bytes) -> dict[str, Any]:
    """A file from memory, as Playwright takes it."""
    kinds = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".heic": "image/heic"}
    return {"name": name, "mimeType": kinds[Path(name).suffix], "buffer": content}
