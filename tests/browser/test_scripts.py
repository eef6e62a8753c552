"""What script adds to a page, and that the page works without it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from candide.institution.accounts.models import Visit
from candide.institution.catalogue.models import Institution
from tests.browser import sample_urls
from tests.browser.conftest import PHONE
from tests.browser.states.staff import staff
from tests.factories.accounts import UserFactory
from tests.factories.applications import ApplicationFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.sample_urls"),
    pytest.mark.usefixtures("nothing_received"),
]

KEPT = "() => Object.keys(sessionStorage).filter((key) => key.startsWith('candide:'))"
ENTRY = "/essai/saisie/"
SAVING = f"**{ENTRY}"
UPLOAD = "/essai/depot/"


@pytest.fixture
def nothing_received(db):
    Institution.current()
    sample_urls.forget_everything()


@pytest.fixture
def alix(sign_in):
    """Alix, signed in."""
    user = UserFactory()
    sign_in(signed_in(user))
    return user


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def lose_session(user):
    """As if it had ended while the page was open."""
    Visit.objects.get(account_id=user.pk).delete()


def state(page):
    return page.locator("[data-save-state]")


def enter_in_vain(page):
    """Enter « Martin », which cannot be saved; nor can anything until `page.unroute(SAVING)`."""
    page.goto(ENTRY)
    page.route(SAVING, lambda route: route.abort())
    page.get_by_label("Nom").fill("Martin")
    page.get_by_label("Nom").blur()
    expect(state(page)).to_have_attribute("data-save-state", "failed")


# -- Saving as one goes --------------------------------------------------------------------------


def test_field_is_saved_as_one_leaves_it(page, alix):
    page.goto(ENTRY)

    page.get_by_label("Nom").fill("Martin")
    page.get_by_label("Nom").blur()

    expect(state(page)).to_have_attribute("data-save-state", "saved")
    expect(state(page)).to_contain_text("Enregistré")
    assert sample_urls.saved["name"] == "Martin"


def test_error_appears_at_its_field_and_goes_again(page, alix):
    page.goto(ENTRY)
    years = page.get_by_label("Années")

    years.fill("deux")
    years.blur()
    expect(page.locator("#id_years_errors")).to_contain_text("Saisissez un nombre entier.")
    expect(years).to_have_attribute("aria-invalid", "true")

    years.fill("2")
    years.blur()
    expect(page.locator("#id_years_errors")).to_be_empty()
    expect(years).not_to_have_attribute("aria-invalid", "true")


def test_save_that_fails_is_said_and_can_be_tried_again(page, alix):
    enter_in_vain(page)
    assert sample_urls.received == []

    page.unroute(SAVING)
    page.get_by_role("button", name="Réessayer").click()
    expect(state(page)).to_have_attribute("data-save-state", "saved")
    assert sample_urls.saved["name"] == "Martin"


def test_save_refused_by_the_server_is_not_called_saved(page, alix):
    page.goto(ENTRY)

    page.get_by_label("Nom").fill("conflit")
    page.get_by_label("Nom").blur()

    expect(state(page)).to_have_attribute("data-save-state", "refused")


AS_A_BROWSER_THAT_REMEMBERS = """document.addEventListener("readystatechange", () => {
  const field = document.querySelector("input[name=name]");
  if (document.readyState === "interactive" && field) field.value = "Martin";
})"""


def test_entry_the_browser_filled_in_again_is_still_not_saved(page, alix):
    sample_urls.saved["name"] = "Ancien"
    enter_in_vain(page)

    page.unroute(SAVING)
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(AS_A_BROWSER_THAT_REMEMBERS)
    page.reload()

    expect(page.get_by_label("Nom")).to_have_value("Martin")
    notice = page.locator("form .candide-alert")
    expect(notice).to_contain_text("Nom – enregistré auparavant : Ancien")


@pytest.mark.parametrize("mode", ["is_read_only", "is_in_maintenance"])
def test_entry_sent_while_the_service_is_closed_comes_back(page, alix, mode):
    page.goto(ENTRY)
    page.route(SAVING, not_saved_by_itself)
    page.get_by_label("Nom").fill("Martin")
    Institution.objects.update(**{mode: True})

    page.get_by_role("button", name="Suivant").click()
    expect(page.locator("[data-not-recorded]")).to_be_visible()
    page.wait_for_load_state()  # its script has run
    Institution.objects.update(**{mode: False})
    page.goto("/")
    page.goto(ENTRY)

    expect(page.get_by_label("Nom")).to_have_value("Martin")


def test_entry_that_was_recorded_does_not_come_back_when_something_else_is_not(page, alix):
    page.goto(ENTRY)
    page.get_by_label("Nom").fill("Martin")
    page.route(SAVING, answered_with_another_page)
    page.get_by_role("button", name="Suivant").click()
    page.wait_for_url("**/assistance/")
    page.unroute(SAVING)
    page.goto("/erreur/confirm/")
    Institution.objects.update(is_read_only=True)

    page.locator("main form").get_by_role("button").click()
    expect(page.locator("[data-not-recorded]")).to_be_visible()
    page.wait_for_load_state()  # its script has run
    Institution.objects.update(is_read_only=False)
    page.goto(ENTRY)

    expect(page.get_by_label("Nom")).to_have_value("")


def answered_with_another_page(route):
    """The server has it, and leads on to where the form is not."""
    if route.request.method == "POST":
        route.fulfill(status=302, headers={"Location": "/assistance/"})
    else:
        route.continue_()


def not_saved_by_itself(route):
    """What is saved as one goes never arrives; the button does."""
    by_itself = route.request.headers.get("hx-request") == "true"
    route.abort() if by_itself else route.continue_()


def not_saved(route):
    """The network fails for what is saved, whenever it is tried again; pages are there."""
    route.abort() if route.request.method == "POST" else route.continue_()


def test_entry_that_was_not_saved_comes_back_after_a_reload(page, alix):
    sample_urls.saved["name"] = "Ancien"
    page.goto(ENTRY)
    page.route(SAVING, not_saved)
    page.get_by_label("Nom").fill("Martin")
    page.get_by_label("Mme").check()
    page.get_by_label("Pays").select_option("fr")
    page.get_by_label("Secret").fill("jamais gardé")
    expect(state(page)).to_have_attribute("data-save-state", "failed")

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()

    expect(page.get_by_label("Nom")).to_have_value("Martin")
    expect(page.get_by_label("Mme")).to_be_checked()
    expect(page.get_by_label("Pays")).to_have_value("fr")
    expect(page.get_by_label("Secret")).to_have_value("")
    notice = page.locator("form .candide-alert")
    expect(notice).to_contain_text("Nom – enregistré auparavant : Ancien")
    expect(notice).to_contain_text("Civilité – enregistré auparavant : rien")
    expect(notice).to_contain_text("Pays – enregistré auparavant : –")

    page.get_by_role("button", name="Revenir à ce qui était enregistré").click()
    expect(page.get_by_label("Nom")).to_have_value("Ancien")
    expect(notice).to_have_count(0)


def test_session_lost_while_saving_leads_through_sign_in_and_back(page, alix, sign_in):
    page.goto(ENTRY)
    lose_session(alix)

    page.get_by_label("Nom").fill("Martin")
    page.get_by_label("Nom").blur()
    page.wait_for_url(f"{reverse('account_login')}?next=%2Fessai%2Fsaisie%2F")
    sign_in(signed_in(alix))
    page.goto(ENTRY)

    expect(page.get_by_label("Nom")).to_have_value("Martin")
    expect(page.locator("form .candide-alert")).to_contain_text("Votre saisie est revenue.")


def test_session_lost_before_the_button_brings_the_entry_back(page, alix, sign_in):
    page.goto(ENTRY)
    lose_session(alix)

    page.get_by_label("Nom").press_sequentially("Martin")
    page.get_by_label("Nom").press("Enter")
    page.wait_for_url(re.compile(reverse("account_login")))
    sign_in(signed_in(alix))
    page.goto(ENTRY)

    expect(page.get_by_label("Nom")).to_have_value("Martin")


def test_what_another_person_typed_is_thrown_away(page, alix, sign_in):
    enter_in_vain(page)
    page.unroute(SAVING)
    sign_in(signed_in(UserFactory(first_name="Chris")))

    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(ENTRY)

    expect(page.get_by_label("Nom")).to_have_value("")
    assert page.evaluate(KEPT) == []


def test_signing_out_forgets_what_was_typed(page, alix):
    page.goto(ENTRY)
    page.evaluate("sessionStorage.setItem('candide:entry:/x#y', '{}')")

    page.locator(".user-menu > summary").click()
    page.get_by_role("button", name="Déconnexion").click()
    page.wait_for_url(re.compile(r"^(?!.*saisie)"))

    assert page.evaluate(KEPT) == []


# -- Forms -------------------------------------------------------------------------------------


def test_form_is_not_sent_twice(page, alix):
    page.goto(ENTRY)

    sent = page.evaluate(
        """() => {
          let times = 0;
          document.addEventListener('submit', (event) => {
            if (!event.defaultPrevented) times += 1;
            event.preventDefault();
          });
          const form = document.querySelector('#entry');
          form.requestSubmit();
          form.requestSubmit();
          return times;
        }"""
    )

    assert sent == 1
    expect(page.get_by_role("button", name="Suivant")).to_be_disabled()


def test_leaving_what_was_typed_asks_first(page, alix):
    page.goto(ENTRY)
    page.route(SAVING, lambda route: route.abort())
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", stay)

    page.get_by_label("Nom").press_sequentially("Ma")
    page.unroute(SAVING)
    page.goto("/gestion/components/")

    assert asked == ["beforeunload"]


# -- Uploads -----------------------------------------------------------------------------------


def given(name="diplome.pdf", size=2_000):
    return {"name": name, "mimeType": "application/pdf", "buffer": b"x" * size}


def test_file_chosen_is_sent_at_once(page):
    page.goto(UPLOAD)
    expect(page.get_by_role("button", name="Envoyer")).to_be_hidden()

    page.get_by_label("Diplôme").set_input_files([given("a.pdf"), given("b.pdf")])

    expect(page.locator(".given")).to_have_text(["a.pdf", "b.pdf"])
    assert sample_urls.received == [{"files": [("a.pdf", 2000), ("b.pdf", 2000)]}]


def test_file_dropped_is_sent(page):
    page.goto(UPLOAD)

    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'glisse.pdf', {type: 'application/pdf'}));
          const zone = document.querySelector('[data-upload-zone]');
          zone.dispatchEvent(new DragEvent('dragover', {dataTransfer: data, bubbles: true}));
          zone.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true}));
        }"""
    )

    expect(page.locator(".given")).to_have_text(["glisse.pdf"])


def test_file_too_large_is_refused_before_it_is_sent(page):
    """What was said of the file before it goes."""
    page.goto(UPLOAD)
    page.get_by_label("Diplôme").set_input_files([given("mauvais.pdf")])
    expect(page.locator("#upload-diploma-error")).to_be_visible()
    sample_urls.received.clear()

    page.get_by_label("Diplôme").set_input_files([given(size=1_100_000)])

    expect(page.locator("[data-upload-problem]")).to_contain_text("Ce fichier dépasse 1 Mo.")
    expect(page.locator("#upload-diploma-error")).to_have_count(0)
    expect(page.get_by_label("Diplôme")).not_to_have_attribute("aria-invalid", "true")
    assert sample_urls.received == []


def test_file_refused_says_why_and_another_can_be_sent(page):
    page.goto(UPLOAD)

    page.get_by_label("Diplôme").set_input_files([given("mauvais.pdf")])
    expect(page.locator("#upload-diploma-error")).to_contain_text("Ce fichier est abîmé.")
    expect(page.locator("form[data-upload-ready]")).to_be_visible()

    page.get_by_label("Diplôme").set_input_files([given("bon.pdf")])
    expect(page.locator(".given")).to_have_text(["bon.pdf"])


def test_upload_that_fails_can_be_tried_again(page):
    page.goto(UPLOAD)
    page.route("**/essai/depot/", lambda route: route.abort())
    page.get_by_label("Diplôme").set_input_files([given()])
    expect(page.locator("[data-upload-problem]")).to_contain_text("La connexion a échoué")

    page.unroute("**/essai/depot/")
    page.get_by_role("button", name="Réessayer").click()

    expect(page.locator(".given")).to_have_text(["diplome.pdf"])


def test_upload_can_be_stopped(page):
    page.goto(UPLOAD)
    held = []
    page.route("**/essai/depot/", lambda route: held.append(route))
    page.get_by_label("Diplôme").set_input_files([given()])

    page.get_by_role("button", name="Arrêter").click()

    expect(page.locator("[data-upload-state]")).to_have_text("Arrêté ; rien n'a été envoyé.")
    expect(page.get_by_label("Diplôme")).to_have_value("")
    assert sample_urls.received == []


# -- Keys, menus -------------------------------------------------------------------------------


def test_key_clicks_its_button_unless_typing_or_switched_off(page, alix):
    page.goto(ENTRY)
    page.evaluate(
        """() => document.querySelector('[data-hotkey]').addEventListener('click', () => {
          const count = document.querySelector('#count');
          count.textContent = Number(count.textContent) + 1;
        })"""
    )
    count = page.locator("#count")

    page.locator("h1").click()
    page.keyboard.press("v")
    expect(count).to_have_text("1")

    page.get_by_label("Nom").press_sequentially("v")
    expect(count).to_have_text("1")

    page.get_by_label("Touches").uncheck()
    page.keyboard.press("v")
    expect(count).to_have_text("1")


def test_account_menu_closes_on_escape_and_outside(page, alix):
    page.goto("/gestion/components/")
    menu = page.locator(".user-menu")

    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()

    menu.locator("summary").click()
    page.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_skip_link_is_the_first_stop_and_leads_to_the_content(page):
    page.goto("/nulle-part/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_list_is_gone_through_by_keyboard(page, sign_in):
    for _number in range(2):
        ApplicationFactory(transmitted=True)
    sign_in(signed_in(staff("administrator")))
    page.goto("/gestion/candidatures/?place=&sort=name")
    boxes = page.locator("[name=ids]")
    keys = page.keyboard

    keys.press("j")
    expect(boxes.nth(0)).to_be_focused()
    keys.press("j")
    expect(boxes.nth(1)).to_be_focused()
    keys.press("Space")
    expect(boxes.nth(1)).to_be_checked()
    keys.press("k")
    expect(boxes.nth(0)).to_be_focused()
    keys.press("/")
    expect(page.locator("[name=q]")).to_be_focused()
    keys.press("Escape")

    first = boxes.nth(0).get_attribute("value")
    keys.press("j")
    keys.press("o")
    page.wait_for_url(f"**/gestion/candidatures/{first}/*")


class TestWithoutScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False, "viewport": PHONE}

    def test_menu_opens_on_a_phone(self, page):
        page.goto("/nulle-part/")
        entry = page.get_by_role("link", name="Connexion")
        expect(entry).to_be_hidden()

        page.get_by_role("button", name="Menu").click()

        expect(entry).to_be_visible()

    def test_language_is_switched(self, page):
        page.goto("/nulle-part/")

        page.get_by_role("button", name="English").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("This page does not exist")

    def test_file_is_sent_by_the_button(self, page):
        page.goto(UPLOAD)

        page.get_by_label("Diplôme").set_input_files([given("a.pdf")])
        page.get_by_role("button", name="Envoyer").click()

        expect(page.locator(".given")).to_have_text(["a.pdf"])
