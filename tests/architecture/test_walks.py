"""The walks of the guides in a browser name every paragraph, each in the comment of a step."""

import re
import tokenize

import pytest

from tests.architecture.sources import ROOT

WALKS = {"S0": "test_guide_lorraine*.py", "S2": "test_guide_orleans*.py"}


def promised(guide):
    document = (ROOT / "docs/coverage/candidate.md").read_text(encoding="utf-8")
    return re.findall(rf"^\| ({guide}-\d\d) \|", document, flags=re.M)


def named(guide):
    comments = []
    for path in (ROOT / "tests/browser").glob(WALKS[guide]):
        with path.open("rb") as source:
            tokens = tokenize.tokenize(source.readline)
            comments += [token.string for token in tokens if token.type == tokenize.COMMENT]
    return set(re.findall(r"S\d-\d\d", " ".join(comments)))


@pytest.mark.parametrize(("guide", "paragraphs"), [("S0", 24), ("S2", 61)])
def test_walk_names_each_paragraph_of_its_guide(guide, paragraphs):
    expected = promised(guide)

    assert len(expected) == paragraphs
    assert named(guide) == set(expected)
