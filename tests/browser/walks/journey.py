"""The ways more than one walk goes, from the account to the confirmed place, in any language and
with any hands. The identifiers are those of the guides' paragraphs."""

import re

from playwright.sync_api import expect

from tests.browser.walks import told
from tests.browser.walks.hands import as_upload
from tests.browser.walks.staff import Outbox
from tests.browser.walks.walker import PASSWORD, Walker
from tests.factories import samples


def create_account(alix: Walker) -> None:
    """S2-08."""
    words, person = alix.words, alix.person
    alix.page.goto("/")
    alix.follow(words.create)
    alix.fill(words.last_name, person.last_name)
    alix.fill(words.first_name, person.first_name)
    alix.fill(words.email, person.email)
    alix.fill(words.email_again, person.email)
    alix.fill(words.password, PASSWORD)
    alix.fill(words.password_again, PASSWORD)
    alix.press(words.create_mine)
    alix.see(person.email)


def activate(alix: Walker, outbox: Outbox) -> None:
    """S2-09, S2-10: a link by mail, which leads to a button."""
    alix.page.goto(outbox.link(alix.person.email, "/compte/activation/"))
    alix.press(alix.words.activate)


def sign_in(alix: Walker, login: str = "", password: str = PASSWORD) -> None:
    """S2-10."""
    words = alix.words
    alix.fill(words.login, login or alix.person.email)
    alix.fill(words.password, password)
    alix.hands.press(alix.page.locator("#sign-in").get_by_role("button", name=words.sign_in))
    expect(alix.page).to_have_url(re.compile(r"/espace/"))


def recover(alix: Walker, outbox: Outbox, password: str) -> None:
    """S0-01, S2-51: from the home page, the address alone; the login and a way to a new password by
    mail, both used to sign in. In French only."""
    email = alix.person.email
    alix.page.goto("/")
    alix.follow("J'ai oublié mes identifiants")
    alix.fill("Adresse mail", email)
    alix.press("M'envoyer mes identifiants")
    alix.see(email)
    mail = outbox.read(email, re.compile("Vos identifiants"))
    login = re.search(r"identifiant est (\w{8})", mail).group(1)
    alix.page.goto(outbox.link(email, "/compte/mot-de-passe/"))
    alix.fill("Nouveau mot de passe", password)
    alix.fill("Confirmation du mot de passe", password)
    alix.press("Enregistrer ce mot de passe")
    alix.page.goto("/compte/connexion/")
    sign_in(alix, login=login, password=password)


def arrive(alix: Walker, outbox: Outbox) -> Walker:
    """S2-08, S2-09, S2-10: with an account, signed in; the file is still empty."""
    create_account(alix)
    activate(alix, outbox)
    sign_in(alix)
    return alix


def fill_identity(alix: Walker) -> None:
    """S2-12, S2-13, S2-18: who was never here has an INE unknown here, and goes on."""
    words = alix.words
    alix.fill("INE", alix.person.ine)
    alix.press(words.following)
    alix.tick(words.mrs)
    alix.fill(words.birth_name, alix.person.last_name)
    alix.fill(words.given_name, alix.person.first_name)
    alix.fill(words.born_on, f"{told.BORN_ON:%d/%m/%Y}")
    alix.choose(words.birth_department, told.DEPARTMENT)
    alix.wait_for_lists("birthtown")
    alix.fill(words.birth_city, told.BIRTH_CITY)
    alix.fill(words.mobile, told.MOBILE)
    alix.press(words.following)
    expect(alix.heading(words.ine_unknown)).to_be_visible()
    alix.follow(words.yes)


def fill_address(alix: Walker) -> None:
    """S2-13."""
    words = alix.words
    alix.fill(words.postcode, told.POSTCODE)
    alix.wait_for_lists("commune")
    expect(alix.field(words.town).locator("option:checked")).to_have_text("Orléans")
    alix.fill(words.address, told.STREET)
    alix.press(words.following)


def fill_baccalaureate(alix: Walker) -> None:
    """S2-13: each choice decides what the next offers."""
    words = alix.words
    alix.tick(words.holding)
    alix.wait_for_lists("details")
    alix.fill(words.year, str(told.BACCALAUREATE_YEAR))
    alix.wait_for_lists("series")
    alix.choose(words.series, words.services)
    alix.wait_for_lists("subjects")
    alix.choose(words.department, told.DEPARTMENT)
    alix.wait_for_lists("communes")
    expect(alix.field(words.town).locator("option:checked")).to_have_text("Orléans")
    alix.wait_for_lists("schools")
    alix.choose(words.school, told.SCHOOL)
    alix.press(words.following)
    expect(alix.page).to_have_url(re.compile("/cursus-interne/"))


def fill_file(alix: Walker) -> None:
    alix.go(alix.words.my_file)
    alix.follow(alix.words.identity)
    fill_identity(alix)
    fill_address(alix)
    fill_baccalaureate(alix)


def apply_to(alix: Walker, programme: str, words_of_it: str) -> None:
    """S2-24, S2-26, S2-28: found in the catalogue, chosen, confirmed."""
    words = alix.words
    alix.go(words.programmes)
    alix.fill(words.search_for, words_of_it)
    if not alix.has_script:
        alix.press(words.search)
    alix.follow(programme)
    alix.title(programme)
    alix.follow(words.apply)
    alix.press(words.yes_apply)
    alix.title(programme)


def open_application(alix: Walker, programme: str) -> None:
    """S2-35: from « Candidatures », by « Ouvrir »."""
    alix.go(alix.words.applications)
    alix.hands.follow(alix.main.get_by_role("link", name=f"{alix.words.open} – {programme}"))
    alix.title(programme)


def give(alix: Walker, document: str, *files: tuple[str, bytes]) -> None:
    """S2-30, S2-31: one file, or several that become one."""
    words = alix.words
    uploads = [as_upload(name, content) for name, content in files]
    alix.hands.attach(alix.field(words.files_for.format(document)), uploads)
    if not alix.has_script:
        alix.hands.press(alix.document(document).get_by_role("button", name=words.send))
    expect(alix.document(document).locator(".candide-status").first).to_have_text(words.submitted)
    if alix.has_script:
        expect(alix.document(document).get_by_role("heading", level=3)).to_be_focused()


def decline(alix: Walker, document: str) -> None:
    """S0-13: « Non concerné par cette pièce », confirmed on a page of its own."""
    words = alix.words
    place = alix.document(document)
    alix.hands.follow(place.get_by_role("link", name=words.not_concerned_by))
    alix.press(words.not_concerned_by)
    expect(alix.document(document).locator(".candide-status").first).to_have_text(
        words.not_concerned
    )


def give_documents(alix: Walker, documents: list[str], declined: list[str]) -> None:
    for document in documents:
        give(alix, document, ("document.pdf", samples.pdf(text=f"De {alix.person.email}")))
    for document in declined:
        decline(alix, document)


def answer_no(alix: Walker, question: str) -> None:
    place = alix.question(question)
    alix.hands.tick(place.get_by_role("radio", name=alix.words.no))
    save(alix, question)


def save(alix: Walker, question: str) -> None:
    """Saved by itself where script runs."""
    words, place = alix.words, alix.question(question)
    if not alix.has_script:
        alix.hands.press(place.get_by_role("button", name=words.save))
        return
    expect(place.locator("[data-save-state]")).to_have_attribute("data-save-state", "saved")


def transmit(alix: Walker) -> None:
    """S2-32, S0-15: confirmed on a page of its own."""
    words = alix.words
    alix.hands.follow(alix.page.locator("#readiness").get_by_role("link", name=words.transmit))
    alix.press(words.transmit)
    expect(alix.page.locator(".candide-receipt")).to_be_visible()
    expect(alix.page.locator("#details")).to_contain_text(words.received)


def confirm_place(alix: Walker, programme: str) -> None:
    """S2-40, S2-45."""
    words = alix.words
    open_application(alix, programme)
    alix.follow(words.confirm)
    alix.press(words.confirm)
    expect(alix.page.locator("#decision")).to_contain_text(words.confirmed)
