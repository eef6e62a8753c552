"""Colours and their contrast, as WCAG 2 measures it."""

from functools import lru_cache

Colour = tuple[float, float, float]

READABLE = 4.5  # text of usual size, WCAG 1.4.3
VISIBLE = 3.0  # borders, icons, large text, WCAG 1.4.11


def parse(colour: str) -> Colour:
    """`#rrggbb` as three numbers from 0 to 255. Raises `ValueError`."""
    digits = colour.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"{colour!r} is not a colour of six hexadecimal digits")
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def as_hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in parse(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast_ratio(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white).

    >>> round(contrast_ratio("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`one` with `share` (0 to 1) of `other`."""
    pairs = zip(parse(one), parse(other), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return as_hex((red, green, blue))


def text_on(background: str) -> str:
    """White where it can be read on `background`, else black (one of the two always can)."""
    return "#ffffff" if contrast_ratio("#ffffff", background) >= READABLE else "#000000"


@lru_cache
def readable(colour: str, background: str, ratio: float = READABLE) -> str:
    """`colour`, moved towards black or white just far enough to be read on `background`."""
    target = "#000000" if luminance(background) > 0.18 else "#ffffff"
    for percent in range(0, 101, 2):
        candidate = mix(colour, target, percent / 100)
        if contrast_ratio(candidate, background) >= ratio:
            return candidate
    return target
