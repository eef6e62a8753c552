"""A worker killed in the midst of an action on many applications; who asked for it sees how far it
is, stops it, and has it go on from its page. Nobody gets a mail twice (issue 3, « What it must
show », 4)."""

import re
from collections import Counter
from functools import cache

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import expect

from candide.admissions.applications.models import Application
from candide.foundation.runs.enums import ItemState, RunState
from candide.foundation.runs.models import Run, RunItem
from candide.institution.accounts.models import User
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.browser.states.staff import bao
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.faults.browser import Browser, free_port
from tests.faults.installation import wait_until, web_settings

pytestmark = pytest.mark.browser

ROWS = 40
LOGIN, PASSWORD = "bao@example.org", "Orage-Bleu-42!"


@pytest.fixture
def site(installation):
    """The address of a deployment with a server of its own."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    installation.settings = {
        **web_settings(port),
        "CANDIDE_SEND_MAILS": "0",
    }
    with installation.database():
        Institution.current()
        rows = ApplicationFactory.create_batch(ROWS, intake=IntakeFactory(), transmitted=True)
        User.objects.filter(pk=bao(rows[0]).pk).update(email=LOGIN, password=encoded())
        installation.start("serve")
        visitor = Browser(url)
        visitor.wait_for_server()
        visitor.close()
        yield url


@cache
def encoded():
    """The password as the deployment keeps it; tests keep theirs in a cheaper way."""
    return Argon2PasswordHasher().encode(PASSWORD, "0123456789abcdef")


@pytest.fixture
def page(browser, site):
    """Bao, signed in."""
    context = browser.new_context(base_url=site, locale="fr-FR")
    page = context.new_page()
    page.goto("/compte/connexion/")
    form = page.locator("#sign-in")
    form.get_by_label("Identifiant").fill(LOGIN)
    form.get_by_label("Mot de passe").fill(PASSWORD)
    form.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd'hui")
    yield page
    context.close()


def declare_all_complete(page):
    page.goto("/gestion/candidatures/")
    page.get_by_label("Tout sélectionner sur cette page").check()
    page.get_by_role("button", name="Agir sur la sélection").click()
    page.locator("#actions").get_by_role("link", name="Saisir le statut").click()
    page.get_by_label("Statut").select_option("complete")
    page.get_by_role("button", name="Voir ce qui se passera").click()
    page.get_by_role("button", name=f"Agir sur {ROWS} candidatures").click()
    expect(page.get_by_role("button", name="Arrêter")).to_be_visible()


def number_done():
    return RunItem.objects.filter(state=ItemState.DONE).count()


def test_action_killed_half_way_goes_on_from_its_page_without_a_second_mail(installation, page):
    worker = installation.start("worker")
    declare_all_complete(page)
    wait_until(lambda: number_done() >= ROWS // 4, worker.said())
    worker.kill()

    page.reload()
    expect(page.locator(".candide-progress-words")).to_have_text(re.compile(rf"\d+ sur {ROWS}"))
    assert number_done() < ROWS
    page.get_by_role("button", name="Arrêter").click()
    page.get_by_role("button", name="Reprendre ce qui reste").click()
    last = installation.start("worker")
    wait_until(lambda: Run.objects.get().state == RunState.DONE, last.said())
    page.reload()

    expect(page.locator("#report")).to_contain_text(f"{ROWS}")
    last.stop()
    mails = Counter(OutgoingMail.objects.values_list("about_id", flat=True))
    assert mails == {application.pk: 1 for application in Application.objects.all()}
