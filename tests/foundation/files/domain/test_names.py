"""How a file is called where it is shown and saved [PJ-10, PJ-11]."""

import pytest

from candide.foundation.files.domain.names import shown_name

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("name", "media_type", "shown"),
    [
        ("Relevé de notes.pdf", PDF, "Relevé_de_notes.pdf"),
        ("IMG_0001.HEIC", PDF, "IMG_0001.pdf"),
        ("Diplome.JPeG", PDF, "Diplome.pdf"),
        ("logo.webp", "image/png", "logo.png"),
        ("photo.jfif", "image/jpeg", "photo.jpg"),
        ("notes.2026", PDF, "notes.2026.pdf"),
        ("1. Diplôme", PDF, "1._Diplôme.pdf"),
        ("a/b\\c:d*e?f\"g<h>i|j.pdf", PDF, "a_b_c_d_e_f_g_h_i_j.pdf"),
        ("facture\u202efdp.exe", PDF, "facturefdp.exe.pdf"),
        ("line\nbreak\ttab\x00null.pdf", PDF, "line_break_tabnull.pdf"),
        ("e\u0301te\u0301.pdf", PDF, "été.pdf"),
        ("  .pdf", PDF, "document.pdf"),
        ("", PDF, "document.pdf"),
        ("...", PDF, "document.pdf"),
        ("成绩单.pdf", PDF, "成绩单.pdf"),
        ("x" * 200, PDF, "x" * 96 + ".pdf"),
    ],
)  # fmt: skip
def test_shown_name(name, media_type, shown):
    assert shown_name(name, media_type) == shown
