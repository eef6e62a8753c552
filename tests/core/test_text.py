import pytest

from candide.core.text import fold


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
