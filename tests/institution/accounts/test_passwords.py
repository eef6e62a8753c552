"""ACC-06."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from candide.institution.accounts.models import User
from candide.institution.accounts.passwords import DEMANDS, PasswordRule, missing_from


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Orage-Bleu-42!", []),
        ("Aa1@567890", []),
        ("Aa1@56789", ["length"]),
        ("Orage-Bleu-XX!", ["digit"]),
        ("ORAGE-BLEU-42!", ["lower"]),
        ("orage-bleu-42!", ["upper"]),
        ("OrageBleu4200", ["special"]),
        ("Orage_Bleu_42", ["special"]),
        ("Orage-Bleu 42!", ["space"]),
        ("Orage-Bleu\u00a042!", ["space"]),
        ("", ["length", "digit", "lower", "upper", "special"]),
        ("Élan-doré-2027!", []),
    ],
)
def test_missing_from(password, missing):
    assert [demand.code for demand in missing_from(password)] == missing


@pytest.mark.parametrize("special", "@#$%^&+=-!*")
def test_each_special_character_counts(special):
    assert missing_from(f"Abcdefgh12{special}") == []


def test_rule_names_everything_that_is_missing_at_once():
    with override("fr"), pytest.raises(ValidationError) as refusal:
        PasswordRule().validate("abc")

    assert refusal.value.messages == [
        "Il manque à ce mot de passe : au moins 10 caractères, un chiffre, une lettre majuscule, "
        "un caractère parmi @ # $ % ^ & + = - ! *."
    ]


def test_help_names_every_demand():
    with override("fr"):
        text = PasswordRule().get_help_text()

        assert all(str(demand.words) in text for demand in DEMANDS)


def test_password_like_the_address_is_refused():
    alix = User(email="alix.martin-2027@example.org", first_name="Alix", last_name="MARTIN")

    with pytest.raises(ValidationError) as refusal:
        validate_password("Alix.Martin-2027", alix)

    assert [error.code for error in refusal.value.error_list] == ["password_too_similar"]


def test_password_everybody_chooses_is_refused():
    with pytest.raises(ValidationError) as refusal:
        validate_password("password")

    assert "password_too_common" in [error.code for error in refusal.value.error_list]
