"""The guides and their pictures: each that is shown is made by `make screenshots`, and is there."""

import re

import pytest

from tests.architecture.sources import ROOT
from tools.screenshots import IMAGES, PICTURES

GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
SHOWN = re.compile(r"!\[([^\]]*)\]\(images/([^)]+)\.png\)")
LINK = re.compile(r"\]\(([\w.-]*\.md)?#([^)]+)\)")
MOST = 4 * 1024 * 1024


def anchors(guide):
    """What headings are called in an address, as the hosts of repositories do it."""
    headings = re.findall(r"(?m)^#+ (.+)$", guide.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_picture_of_a_guide_is_made_and_there_and_none_is_left_over():
    shown = {name for guide in GUIDES for _alt, name in SHOWN.findall(guide.read_text("utf-8"))}

    made = [picture.name for picture in PICTURES]
    assert len(made) == len(set(made))
    assert shown == set(made)
    assert {path.stem for path in IMAGES.glob("*")} == set(made)


def test_pictures_say_what_they_show_and_are_light():
    for guide in GUIDES:
        assert [name for alt, name in SHOWN.findall(guide.read_text("utf-8")) if not alt] == []

    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) < MOST


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_guides_lead_to_headings_there_are(guide):
    leads = LINK.findall(guide.read_text("utf-8"))

    missing = [
        (other, anchor)
        for other, anchor in leads
        if anchor not in anchors(guide.parent / other if other else guide)
    ]
    assert missing == []
