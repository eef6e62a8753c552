import pytest

from candide.institution.requirements.domain.choices import lines_of, parsed, removed_codes

LANGUAGES = ["fr", "en"]
SCHEMES = [
    {"code": "FI", "label": {"fr": "Formation initiale", "en": "Initial education"}},
    {"code": "ALT", "label": {"fr": "Alternance"}},
]


def test_choices_are_written_as_lines_and_read_back_the_same():
    texts = {language: lines_of(SCHEMES, language) for language in LANGUAGES}

    assert texts == {
        "fr": "FI | Formation initiale\nALT | Alternance",
        "en": "FI | Initial education",
    }
    assert parsed(texts, languages=LANGUAGES) == (SCHEMES, [])


def test_lines_without_codes_get_one_and_go_together_by_place():
    choices, blockers = parsed(
        {"fr": "Été\n\n  Hiver \nÉté", "en": "Summer\nWinter"}, languages=LANGUAGES
    )

    assert blockers == []
    assert choices == [
        {"code": "ete", "label": {"fr": "Été", "en": "Summer"}},
        {"code": "hiver", "label": {"fr": "Hiver", "en": "Winter"}},
        {"code": "ete-2", "label": {"fr": "Été"}},
    ]


def test_choice_keeps_its_code_when_renamed_and_moved():
    choices, blockers = parsed({"fr": "ALT | Apprentissage\nFI | Temps plein"}, languages=LANGUAGES)

    assert blockers == []
    assert [choice["code"] for choice in choices] == ["ALT", "FI"]
    assert removed_codes(SCHEMES, choices) == set()


def test_line_left_out_is_a_code_removed():
    choices, _blockers = parsed({"fr": "FI | Formation initiale"}, languages=LANGUAGES)

    assert removed_codes(SCHEMES, choices) == {"ALT"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"fr": "à é | Oui"}, [("bad_code", "field:choices_fr")]),
        ({"fr": "a | Oui\na | Non"}, [("code_twice", "field:choices_fr")]),
        ({"fr": "a |"}, [("bad_label", "field:choices_fr")]),
        ({"fr": "x" * 201}, [("bad_label", "field:choices_fr")]),
        ({"fr": "Oui", "en": "Yes\nNo"}, [("no_such_choice", "field:choices_en")]),
        ({"fr": "a | Oui", "en": "b | No"}, [("no_such_choice", "field:choices_en")]),
        ({"fr": "a | Oui", "en": "a | Yes\na | No"}, [("no_such_choice", "field:choices_en")]),
    ],
)
def test_what_is_wrong_is_said_at_its_language(texts, expected):
    _choices, blockers = parsed(texts, languages=LANGUAGES)

    assert [(blocker.code, blocker.about) for blocker in blockers] == expected
