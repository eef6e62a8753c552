import pytest

from candide.core.text import fold, whole_number


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Œuvre  d’ÉTIENNE", "l oeuvre d etienne"),
        ("Łódź, Straße", "lodz strasse"),
        ("  Æthelred-II ", "aethelred ii"),
        ("", ""),
        ("日本", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("", None),
        (None, None),
        ("-1", None),
        ("1.0", None),
        ("²", None),
        ("9" * 18, int("9" * 18)),
        ("9" * 19, None),
        ("9" * 5000, None),
    ],
)
def test_whole_number(text, number):
    assert whole_number(text) == number
