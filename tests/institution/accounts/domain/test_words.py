"""ACC-07: names and addresses are brought into shape; a name cannot be an advertisement."""

import pytest

from candide.institution.accounts.domain.words import clean_email, clean_name, is_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Martin  ", "Martin"),
        ("Le   Goff", "Le Goff"),
        ("<b>Martin</b>", "Martin"),
        ("Martin<script>alert(1)</script>", "Martinalert(1)"),
        ("Martin\t\nDupont ", "Martin Dupont"),
    ],
)
def test_clean_name(typed, kept):
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    "name",
    ["Martin", "d'Alès de Corbet", "O’Brien", "Nguyễn-Le Goff", "Œuvray", "الفاسي", "李", "M. Jr."],
)
def test_names_of_people_are_names(name):
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "http://example.org", "example.org", "www.a.fr", "R2D2", "a@b", "50 % gratuit"],
)
def test_addresses_and_advertisements_are_no_names(text):
    assert not is_name(text)


def test_clean_email():
    assert clean_email("  Alix.Martin@Example.ORG ") == "alix.martin@example.org"
