"""Names of files: by a pattern, as every system stores them, all different."""

import pytest

from candide.reporting.exports.domain.naming import Names, named, pattern_blockers, words_of
from tests.factories.applications import ApplicationFactory

WORDS = {"number": "00000012", "name": "O'BRIEN", "programme": "M1/DROIT"}


@pytest.mark.parametrize(
    ("pattern", "codes"),
    [
        ("{number}", []),
        ("{application}-{document}", []),
        ("dossier", ["names_nobody"]),
        ("{programme}", ["names_nobody"]),
        ("{number}{grade}", ["unknown_word"]),
    ],
)
def test_pattern_blockers(pattern, codes):
    assert [blocker.code for blocker in pattern_blockers(pattern)] == codes


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{number}-{name}-{programme}", "00000012-O'BRIEN-M1_DROIT.pdf"),
        ('a<b>c:"d"|e?*{name}', "a_b_c_d_e_O'BRIEN.pdf"),
        ("../../{name}", "O'BRIEN.pdf"),
        ("nul", "_nul.pdf"),
        ("COM1.x{gone}", "_COM1.x.pdf"),
        ("{gone}", "document.pdf"),
        ("x" * 200 + " .", "x" * 120 + ".pdf"),
        ("a\u202eb\n{name}. ", "ab_O'BRIEN.pdf"),
    ],
)
def test_names_that_windows_stores(pattern, name):
    assert named(pattern, WORDS) == name


def test_names_differ_whatever_their_capitals():
    names = Names(["b.pdf"])

    assert [names.free(name) for name in ("a.pdf", "A.pdf", "a.pdf", "B.pdf", "c")] == [
        "a.pdf",
        "A-2.pdf",
        "a-3.pdf",
        "B-2.pdf",
        "c",
    ]


@pytest.mark.django_db
def test_words_of_an_application():
    application = ApplicationFactory()

    words = words_of(application, "CV")

    assert words["number"] == str(application.candidate.user.file_number)
    assert (words["document"], words["application"]) == ("CV", str(application.pk))
