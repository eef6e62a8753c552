"""The institution's colours as a stylesheet of their own: the strict CSP allows no inline style.

Everything derives from one colour, and what derives from it can be read whatever it is: a colour
too light for text on white is darkened there, and lightened on the dark scheme's ground.
"""

import hashlib
from functools import lru_cache

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from candide.core.colour import READABLE, VISIBLE, mix, parse, readable, text_on

LIGHT_GROUND = "#f1f3f5"  # the darkest ground text of the light scheme stands on
DARK_GROUND = "#2b3035"  # the lightest ground of the dark scheme


def _scheme(colour: str, ground: str, ratio: float) -> str:
    solid = readable(colour, ground, ratio)
    link = readable(colour, ground)
    ink = text_on(solid)
    hover = mix(solid, "#ffffff" if ink == "#000000" else "#000000", 0.15)
    properties = {
        "--candide-primary": solid,
        "--candide-primary-hover": hover,
        "--candide-on-primary": ink,
        "--bs-primary": solid,
        "--bs-primary-rgb": _numbers(solid),
        "--bs-link-color": link,
        "--bs-link-color-rgb": _numbers(link),
        "--bs-link-hover-color": mix(link, text_on(ground), 0.2),
        "--bs-link-hover-color-rgb": _numbers(mix(link, text_on(ground), 0.2)),
    }
    return ":root{" + "".join(f"{name}:{value};" for name, value in properties.items()) + "}"


def _numbers(colour: str) -> str:
    return ",".join(str(round(part)) for part in parse(colour))


@lru_cache
def stylesheet(colour: str) -> str:
    """The custom properties of both schemes for the institution's `colour` (`#rrggbb`)."""
    light = _scheme(colour, LIGHT_GROUND, VISIBLE)
    dark = _scheme(colour, DARK_GROUND, READABLE)
    return f"{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n"


@lru_cache
def version(colour: str) -> str:
    return hashlib.sha256(stylesheet(colour).encode()).hexdigest()[:8]


@require_safe
@login_not_required
@cache_control(public=True, max_age=31_536_000, immutable=True)
def theme(request: HttpRequest, colour: str, digest: str) -> HttpResponse:
    """`digest` only makes the address change with the content."""
    return HttpResponse(stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")
