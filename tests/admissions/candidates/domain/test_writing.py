"""How names and texts are written down [ACC-07, FILE-PER-02]."""

import pytest

from candide.admissions.candidates.domain.writing import capitals, one_line, several_lines


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("o'brien", "O'BRIEN"),
        ("O’Brien", "O'BRIEN"),
        ("d'Alès de Corbet", "D'ALÈS DE CORBET"),
        ("nguyễn", "NGUYỄN"),
        ("nguye\u0302\u0303n", "NGUYỄN"),
        ("œuvray", "ŒUVRAY"),
        ("ÿ", "Ÿ"),
        ("łukasz", "ŁUKASZ"),
        ("  jean \t paul\n", "JEAN PAUL"),
        ("<b>Martin</b>", "MARTIN"),
        ("<script>alert(1)</script>", "ALERT(1)"),
        ("Mar\u200btin\u202e\x00", "MARTIN"),
        ("علی", "علی"),
        ("دانش\u200cآموز", "دانش\u200cآموز"),
        ("de la Fontaine-Saint-Hilaire de Montmorency-Beaumont Dupuis", None),
        ("", ""),
    ],
)
def test_name_is_kept_in_capitals_without_stray_characters(typed, kept):
    assert capitals(typed) == (typed.upper() if kept is None else kept)


def test_one_line_joins_lines():
    assert one_line("12 rue\r\ndu Port") == "12 rue du Port"


def test_several_lines_keep_their_ends():
    assert several_lines(" Accueil  du public \r\n\r\n<i>Caisse</i>\x07 ") == (
        "Accueil du public\n\nCaisse"
    )
