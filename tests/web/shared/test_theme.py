"""The institution's colour: always readable, cached by content, no inline style."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from candide.core.colour import READABLE, VISIBLE, contrast_ratio
from candide.web.shared import theme
from tools import make_dark_css

COLOURS = ["#0b4f8a", "#ffdd00", "#ffffff", "#000000", "#e30613", "#7f7f7f", "#00a19a"]


def properties(scheme):
    return dict(re.findall(r"(--[\w-]+):([^;]+);", scheme))


def schemes(colour):
    light, dark = theme.stylesheet(colour).split("@media")
    return [
        (properties(light), theme.LIGHT_GROUND),
        (properties(dark), theme.DARK_GROUND),
    ]


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_gives_links_and_buttons_that_can_be_read(colour):
    for found, ground in schemes(colour):
        assert contrast_ratio(found["--bs-link-color"], ground) >= READABLE
        assert contrast_ratio(found["--bs-link-hover-color"], ground) >= READABLE
        assert contrast_ratio(found["--candide-primary"], ground) >= VISIBLE
        for background in ("--candide-primary", "--candide-primary-hover"):
            assert contrast_ratio(found["--candide-on-primary"], found[background]) >= READABLE


def test_a_colour_that_can_be_read_is_used_as_it_is():
    light, _ground = schemes("#0b4f8a")[0]

    assert light["--candide-primary"] == "#0b4f8a"


def test_stylesheet_is_cached_for_ever_at_an_address_of_its_content(client):
    address = reverse("shared:theme", args=["0b4f8a", theme.version("#0b4f8a")])

    response = client.get(address)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content.decode() == theme.stylesheet("#0b4f8a")
    assert response.cookies == {}


def test_versions_differ_with_the_colour():
    assert len({theme.version(colour) for colour in COLOURS}) == len(COLOURS)


@pytest.mark.parametrize("colour", ["0b4f8", "red;}body{", "gggggg"])
@pytest.mark.django_db
def test_stylesheet_of_what_is_no_colour_does_not_exist(client, institution, colour):
    assert client.get(f"/theme/{colour}-1.css").status_code == 404


def test_dark_scheme_is_that_of_the_installed_bootstrap():
    """After an update of Bootstrap: .venv/bin/python tools/make_dark_css.py"""
    assert make_dark_css.TARGET.read_text("utf-8") == make_dark_css.dark_css()


STYLES = sorted(Path(theme.__file__).parent.glob("static/shared/*.css"))


def test_every_own_property_used_is_defined():
    texts = [path.read_text("utf-8") for path in STYLES]
    defined = set(re.findall(r"(--candide-[\w-]+)\s*:", "".join(texts)))
    used = set(re.findall(r"var\((--candide-[\w-]+)", "".join(texts)))

    assert used - defined == set()


def test_tones_can_be_read_in_both_schemes():
    text = (Path(theme.__file__).parent / "static/shared/candide.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"(--candide-[\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", text, re.DOTALL)[:2]
    )

    for scheme in (light, dark):
        for tone in ("neutral", "info", "success", "warning", "danger"):
            ink, ground = scheme[f"--candide-{tone}"], scheme[f"--candide-{tone}-soft"]
            assert contrast_ratio(ink, ground) >= READABLE, (tone, ink, ground)
            assert contrast_ratio(ink, scheme["--candide-ground"]) >= READABLE, (tone, ink)
