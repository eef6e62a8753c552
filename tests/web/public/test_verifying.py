"""« Vérifier une lettre »: who holds a letter learns that it was issued, and nothing else."""

import pytest

from candide.admissions.decisions.models import ReplacedLetter
from candide.institution.catalogue.models import Institution
from tests.admissions.conftest import NOW
from tests.factories.letters import LetterFactory
from tests.web.conftest import words_inside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
PAGE = "/verifier/"


@pytest.fixture
def letter():
    Institution.objects.create(pk=1, name="Université de Valmont")
    return LetterFactory()


def shown_code(letter):
    return "-".join(letter.code[i : i + 4].lower() for i in (0, 4, 8))


def test_letter_is_verified_by_whoever_types_its_code(client, letter):
    candidate = letter.decision.application.candidate

    response = client.post(PAGE, {"code": shown_code(letter)})

    found = response.context["letter"]
    assert (response.status_code, found.is_valid) == (200, True)
    page = response.content.decode()
    assert str(letter.decision.application.intake.programme.name) in page
    assert f"{candidate.first_name[0]}. {candidate.birth_name[0]}." in page
    told = [candidate.birth_name, candidate.user.file_number, candidate.user.email]
    assert [each for each in told if each in page] == []


def test_letter_that_was_withdrawn_or_replaced_says_so(client, letter):
    """B-137: in words, on the page of whoever holds it."""
    letter.withdrawn_at = NOW
    letter.save()
    ReplacedLetter.objects.create(
        decision=letter.decision,
        kind=letter.kind,
        code="ABCDEFGHJKMN",
        made_at=NOW,
        replaced_at=NOW,
        file=letter.file,
    )

    withdrawn = client.post(PAGE, {"code": shown_code(letter)})
    replaced = client.post(PAGE, {"code": "ABCD-EFGH-JKMN"})

    assert "elle n’est plus valable" in words_inside(withdrawn)
    assert "puis remplacée par une autre" in words_inside(replaced)


def test_code_of_no_letter_is_said_to_be_unknown(client, letter):
    response = client.post(PAGE, {"code": "ZZZZ-ZZZZ-ZZZ9"})

    assert response.context["letter"] is None
    assert "Aucune lettre n’a été délivrée avec ce code" in response.content.decode()


def test_address_on_a_letter_fills_its_code_in_and_asks_nothing(client, letter):
    response = client.get(PAGE, {"code": letter.code})

    assert response.context["letter"] is None
    assert f'value="{letter.code}"' in response.content.decode()


def test_page_asks_for_a_code(client, letter):
    empty = client.post(PAGE, {"code": ""})

    assert empty.status_code == 422
    assert (empty.context["is_unknown"], empty.context["form"].errors.keys()) == (False, {"code"})


def test_codes_are_not_tried_one_after_the_other(client, letter, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "verify_letter": "2/m/ip"}

    asked = [client.post(PAGE, {"code": shown_code(letter)}).status_code for _ in range(3)]

    assert asked == [200, 200, 429]
