"""A commission enters ranks from a spreadsheet, released at an hour; two managers decide on one
application (issue 3, « What it must show », 4)."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from candide.admissions.decisions.domain.current import draft_decision
from candide.admissions.releases.tasks import release_due
from candide.foundation.runs.domain.working import work
from candide.institution.catalogue.enums import RankDisplay
from candide.institution.catalogue.models import Institution
from candide.institution.mails.models import OutgoingMail
from tests.browser.states.staff import bao, member
from tests.conftest import FROZEN_AT
from tests.factories.applications import ApplicationFactory
from tests.factories.catalogue import IntakeFactory
from tests.factories.decisions import DecisionTypeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AT_TWO = datetime.combine(FROZEN_AT.date(), datetime.min.time().replace(hour=14), FROZEN_AT.tzinfo)
SENT_MAIL = "decision-reserve-list"


@pytest.fixture
def clock():
    """It runs, from the morning of the frozen day on; `clock.move_to(…)` moves it."""
    with time_machine.travel(FROZEN_AT) as traveller:
        yield traveller


@pytest.fixture
def three():
    """Complete, of one programme whose candidates are told the rank that is entered."""
    Institution.current()
    Institution.objects.update(rank_display=RankDisplay.TYPED)
    intake = IntakeFactory()
    DecisionTypeFactory(code="LC", label="Liste complémentaire", outcome="reserve_list")
    DecisionTypeFactory(code="FA", label="Admis en master", outcome="favourable")
    return ApplicationFactory.create_batch(3, intake=intake, complete=True)


@pytest.fixture
def as_somebody(sign_in):
    def signed_in(user):
        client = Client()
        client.force_login(user)
        sign_in(client)

    return signed_in


def worker_works(page):
    """The worker does what waits, while nobody looks: the database of the tests has one place."""
    page.goto("about:blank")
    while work(clock=timezone.now):
        pass


def filled_in(model, ranks):
    """The model as a commission sends it back: everybody on the list, at these ranks."""
    head, *lines = csv.reader(io.StringIO(model.read_text("utf-8-sig")), delimiter=";")
    columns = {name: place for place, name in enumerate(head)}
    for line in lines:
        line[columns["Code de l'avis"]] = "LC"
        line[columns["Rang"]] = ranks[int(line[columns["Candidature"]])]
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([head, *lines])
    return out.getvalue().encode()


def enter_ranks(page, intake, ranks):
    page.goto(f"/gestion/avis/{intake.pk}/")
    page.get_by_role("link", name="Depuis un tableur").click()
    with page.expect_download() as model:
        page.get_by_role("link", name="Modèle (.csv)").click()
    content = filled_in(Path(model.value.path()), ranks)
    sheet = {"name": "rangs.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("Tableur").set_input_files(sheet)
    page.get_by_role("button", name="Voir ce qui se passera").click()
    expect(page.locator("#rows")).to_contain_text("Liste complémentaire, rang 2")
    page.get_by_role("button", name="Agir sur").click()
    expect(page.get_by_role("button", name="Arrêter")).to_be_visible()


def plan_release(page):
    """Prepared, then planned at two o'clock."""
    page.goto("/gestion/publications/")
    page.locator("#waiting").get_by_role("checkbox").check()
    page.get_by_role("button", name="Préparer la publication").click()
    page.wait_for_url("**/publications/*/")
    release = page.url
    worker_works(page)
    page.goto(release)
    page.get_by_label("Heure de la publication").fill("14:00")
    page.get_by_role("button", name="à cette heure").click()
    expect(page.get_by_role("button", name="Annuler la planification")).to_be_visible()


def test_ranks_from_a_spreadsheet_are_released_at_the_hour(page, as_somebody, three, clock):
    first, second, third = three
    ranks = {first.pk: 3, second.pk: 1, third.pk: 2}
    as_somebody(member(first))
    enter_ranks(page, first.intake, ranks)
    worker_works(page)
    as_somebody(bao(first))
    plan_release(page)

    as_somebody(second.candidate.user)
    page.goto(f"/espace/candidatures/{second.pk}/")
    assert release_due(timezone.now()) == 0
    expect(page.locator("#decision")).to_have_count(0)
    clock.move_to(AT_TWO)
    assert release_due(timezone.now()) == 1
    as_somebody(second.candidate.user)  # hours went by: the session has ended
    page.reload()

    expect(page.locator("#decision")).to_contain_text("Liste complémentaire")
    expect(page.locator("#decision")).to_contain_text("Rang")
    expect(page.locator("#decision dd").first).to_have_text("1")
    assert OutgoingMail.objects.filter(kind=SENT_MAIL).count() == len(three)


def decide(page, decision, comment):
    form = page.locator("#decision form", has=page.locator("[name=decision-type]"))
    form.locator("[name=decision-type]").select_option(label=decision)
    form.locator("[name=decision-rank]").fill("4" if decision.startswith("Liste") else "")
    form.get_by_label("Commentaire").fill(comment)
    form.get_by_role("button", name="Enregistrer l'avis sans le valider").click()


def test_two_managers_decide_one_wins_and_the_other_loses_nothing(
    page, browser, browser_context_args, live_server, as_somebody, three
):
    application = three[0]
    as_somebody(bao(application))
    other = browser.new_context(**browser_context_args)
    client = Client()
    client.force_login(bao(application))
    session = client.cookies["sessionid"].value
    other.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    beside = other.new_page()
    for one in (page, beside):
        # A sign of life meanwhile would meet the database of the tests, which cannot wait.
        one.route("**/presence/", lambda route: route.abort())
        one.goto(f"/gestion/candidatures/{application.pk}/")

    decide(page, "Admis en master", "Excellent dossier")
    expect(page.get_by_text("L'avis est saisi.", exact=False)).to_be_visible()
    decide(beside, "Liste complémentaire", "Dossier fragile")

    expect(beside.get_by_role("alert")).to_contain_text("modifié entre-temps par quelqu'un d'autre")
    expect(beside.locator("#decision")).to_contain_text("Admis en master")
    expect(beside.locator("[name=decision-comment]")).to_have_value("Dossier fragile")
    expect(beside.locator("[name=decision-rank]")).to_have_value("4")
    assert draft_decision(application).comment == "Excellent dossier"
    other.close()


def test_list_is_filled_in_by_keyboard(page, as_somebody, three):
    """Down the column of decisions, down that of ranks, and sent."""
    as_somebody(member(three[0]))
    page.goto(f"/gestion/avis/{three[0].intake_id}/")
    decisions, ranks = page.locator("[data-column=type]"), page.locator("[data-column=rank]")
    decisions.first.focus()
    for _line in three:
        page.keyboard.type("Liste")
        page.keyboard.press("Enter")
    expect(decisions.last).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(decisions.nth(1)).to_be_focused()

    ranks.first.focus()
    for rank in ("1", "2", "3"):
        page.keyboard.type(rank)
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(ranks.nth(1)).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    expect(page.get_by_text("3 avis sont saisis.", exact=False)).to_be_visible()
    assert sorted(draft_decision(each).rank for each in three) == [1, 2, 3]
