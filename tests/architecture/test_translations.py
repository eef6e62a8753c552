"""The French catalogues are complete, and what is compiled is what is written."""

import gettext
from collections import defaultdict

import pytest

from tests.architecture.sources import PACKAGE, ROOT
from tools.catalogues import compiled, read_po

CATALOGUES = sorted(PACKAGE.rglob("locale/*/LC_MESSAGES/django.po"))
EACH = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))


@EACH
def test_every_message_is_translated(path):
    untranslated = [m.text for m in read_po(path).values() if not m.is_translated]

    assert untranslated == []


@EACH
def test_translations_name_the_same_variables(path):
    differing = [
        m.text for m in read_po(path).values() if m.is_translated and m.placeholders_differ()
    ]

    assert differing == []


@EACH
def test_the_compiled_catalogue_is_what_the_written_one_says(path):
    mo = path.with_suffix(".mo")

    assert mo.read_bytes() == compiled(read_po(path)), "run: make messages"
    with mo.open("rb") as file:
        gettext.GNUTranslations(file)


def test_a_message_has_one_translation_everywhere():
    """Django merges the catalogues: of two translations one would win by chance."""
    translations = defaultdict(set)
    for path in CATALOGUES:
        for key, message in read_po(path).items():
            translations[key].add(tuple(message.texts))

    assert {key: texts for key, texts in translations.items() if len(texts) > 1} == {}
