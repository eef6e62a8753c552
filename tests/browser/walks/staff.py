"""The other side: the administrator, who reads the mails of the demonstration, and Bao, who manages
the centre Alix applies to."""

import re

from playwright.sync_api import Locator, Page, expect

from candide.demo.crowd import PASSWORD

ADMINISTRATOR, BAO = "admin@univ-valmont.example", "bao@univ-valmont.example"


def sign_in(page: Page, login: str) -> None:
    page.goto("/compte/connexion/")
    form = page.locator("#sign-in")
    form.get_by_label("Identifiant").fill(login)
    form.get_by_label("Mot de passe").fill(PASSWORD)
    form.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd'hui")


class Outbox:
    """The mails of the demonstration, which keeps them instead of sending them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def subjects(self, address: str) -> list[str]:
        """What was sent to `address`, newest first."""
        self.page.goto(f"/gestion/mails/?q={address}")
        return self.page.locator("tbody td:nth-child(4)").all_inner_texts()

    def read(self, address: str, subject: str | re.Pattern) -> str:
        """The newest mail to `address` with this subject."""
        self.page.goto(f"/gestion/mails/?q={address}")
        self.page.locator("tbody").get_by_role("link", name=subject).first.click()
        return self.page.locator("#text").inner_text()

    def link(self, address: str, path: str) -> str:
        """The link to `path` in the newest mail to `address`."""
        self.page.goto(f"/gestion/mails/?q={address}")
        self.page.locator("tbody").get_by_role("link").first.click()
        address_in_mail = self.page.locator(f"#text a[href*='{path}']").first
        return address_in_mail.get_attribute("href") or ""


class Manager:
    """Bao, in front of one application at a time."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Not the document itself beside it: while Chromium's viewer starts, clicks go astray.
        page.route("**/pieces/*/fichier", lambda route: route.fulfill(body="", status=200))

    def open(self, address: str, programme: str) -> None:
        """The application of who has this e-mail address to a programme of Bao's centre."""
        self.page.goto(f"/gestion/candidatures/?q={address}")
        row = self.page.locator("tbody tr").filter(has_text=programme)
        row.get_by_role("link").first.click()
        expect(self.page.locator("#dossier")).to_be_visible()

    def document(self, label: str) -> Locator:
        return self.page.locator("#documents li").filter(has_text=label)

    def refuse(self, document: str, comment: str) -> None:
        self.document(document).get_by_role("link").click()
        viewer = self.page.locator("#viewer")
        expect(viewer.get_by_role("heading", level=3)).to_contain_text(document)
        viewer.get_by_label("Commentaire").fill(comment)
        viewer.get_by_role("button", name="Refuser").click()
        expect(self.document(document)).to_contain_text("Refusée")

    def declare(self, status: str) -> None:
        """Set the status of the dossier, whatever is unwise about it."""
        form = self.page.locator("#status")
        form.get_by_label("Statut").select_option(label=status)
        form.get_by_role("button", name="Saisir le statut et prévenir le candidat").click()
        anyway = self.page.get_by_role("button", name="Saisir le statut quand même")
        whole = re.compile(rf"\b{status}\b")
        declared = self.page.locator(".staff-line").filter(has_text=whole)
        expect(anyway.or_(declared).first).to_be_visible()
        if anyway.is_visible():
            anyway.click()
        expect(declared).to_be_visible()

    def decide(self, decision: str, *, reason: str = "", comment: str = "") -> None:
        form = self.page.locator("#decision")
        form.locator("[name=decision-type]").select_option(label=decision)
        if reason:
            form.get_by_label("Motif").select_option(label=reason)
        if comment:
            form.get_by_label("Commentaire").fill(comment)
        form.get_by_role("button", name="Enregistrer l'avis sans le valider").click()
        expect(self.page.locator("#decision")).to_contain_text(decision)

    def release(self) -> None:
        self.page.locator("#decision").get_by_role("link", name="Valider l'avis").click()
        self.page.locator("main").get_by_role("button", name="Valider l'avis").click()
        expect(self.page.locator("#messages")).to_contain_text("candidat")
