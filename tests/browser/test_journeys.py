"""The whole way from the account to the confirmed place: in English, on a phone, with the keyboard
alone, without script (issue 2, « What it must show », 1)."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import too_wide
from tests.browser.conftest import PHONE
from tests.browser.walks.hands import Keyboard
from tests.browser.walks.journey import (
    activate,
    answer_no,
    apply_to,
    confirm_place,
    create_account,
    fill_file,
    give_documents,
    save,
    sign_in,
    transmit,
)
from tests.browser.walks.words import ENGLISH, FRENCH

pytestmark = pytest.mark.browser

INFORMATICS = "Master 1 Informatique"
DOCUMENTS = [
    "Pièce d’identité",
    "Curriculum vitæ",
    "Relevés de notes du baccalauréat",
    "Relevés de notes du cursus",
    "Lettre de motivation",
]
NOT_MINE = [
    "Descriptifs/contenus des formations ou cursus suivis",
    "Titre professionnel",
    "Lettre de recommandation",
]


def until_transmitted(alix, outbox):
    create_account(alix)
    activate(alix, outbox)
    sign_in(alix)
    fill_file(alix)
    apply_to(alix, INFORMATICS, "informatique")
    give_documents(alix, DOCUMENTS, NOT_MINE)
    answer_no(alix, "Demandez-vous un aménagement ?")
    transmit(alix)


def admit(bao, alix, programme):
    bao.open(alix.person.email, programme)
    bao.declare("Complet")
    bao.decide("Avis favorable")
    bao.release()


@pytest.mark.demo_walk
def test_in_english(new_walker, outbox, bao):
    alix = new_walker(words=ENGLISH)
    mathematics = "Bachelor, second year: Mathématiques"

    create_account(alix)
    activate(alix, outbox)
    sign_in(alix)
    fill_file(alix)
    apply_to(alix, mathematics, "mathematiques")
    give_documents(
        alix,
        [
            "Identity document",
            "Curriculum vitae",
            "Transcripts of the baccalaureate",
            "Transcripts of studies",
            "Letter of motivation",
        ],
        ["Descriptions of the programmes followed", "Professional title"],
    )
    answer_no(alix, "Do you ask for adjustments?")
    scheme = alix.question("Under which scheme would you study?")
    alix.hands.choose(scheme.get_by_role("combobox"), "Work-study")
    save(alix, "Under which scheme would you study?")
    project = alix.question("Describe your project")
    alix.hands.fill(project.get_by_role("textbox"), "To teach it, one day.")
    save(alix, "Describe your project")
    transmit(alix)
    admit(bao, alix, "Licence 2 Mathématiques")
    confirm_place(alix, mathematics)

    assert outbox.subjects(alix.person.email)[0] == f"Application confirmed: {mathematics}"


def test_on_a_phone(new_walker, outbox, bao):
    alix = new_walker(viewport=PHONE, has_touch=True, is_mobile=True)

    until_transmitted(alix, outbox)
    assert too_wide(alix.page) == []
    admit(bao, alix, INFORMATICS)
    confirm_place(alix, INFORMATICS)


def test_with_the_keyboard_alone(new_walker, outbox, bao):
    alix = new_walker(hands_of=Keyboard)

    until_transmitted(alix, outbox)
    admit(bao, alix, INFORMATICS)
    confirm_place(alix, INFORMATICS)


def test_without_script(new_walker, outbox, bao):
    alix = new_walker(java_script_enabled=False)

    until_transmitted(alix, outbox)
    admit(bao, alix, INFORMATICS)
    confirm_place(alix, INFORMATICS)

    expect(alix.page.locator("#decision")).to_contain_text(FRENCH.confirmed)
