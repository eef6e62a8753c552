"""axe-core on a page, and what axe does not measure."""

from typing import Any

SCRIPT = "/static/axe/axe.min.js"  # fetched and compiled once by the browser; tests/settings.py
OPTIONS = {
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "iframes": False,  # pages show files in them, in which no script runs: axe would wait for it
    "preload": False,  # nothing here plays sound or turns with the screen
}


# What may change from the light to the dark, and from a wide screen to a phone.
OF_LOOKS = {
    "runOnly": [
        *("color-contrast", "link-in-text-block", "target-size"),
        *("scrollable-region-focusable", "meta-viewport", "css-orientation-lock"),
    ]
}


def violations(page: Any, **options: Any) -> list[str]:
    """What axe finds wrong, each with the elements concerned."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(url=SCRIPT)
    found = page.evaluate("options => axe.run(document, options)", {**OPTIONS, **options})
    return [
        f"{violation['id']} ({violation['help']}): {node['html'][:300]} {_why(node)}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


def crowded(page: Any) -> list[str]:
    """Cells of tables in which something reaches over what stands below: labels, on a phone."""
    return page.evaluate(
        """() => [...document.querySelectorAll("td, tbody th")]
          .filter((one) => one.scrollHeight > one.clientHeight + 1)
          .map((one) => one.outerHTML.slice(0, 200))"""
    )


def too_wide(page: Any) -> list[str]:
    """Elements that reach beyond the right edge of the window (WCAG 1.4.10, reflow)."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          return [...document.body.querySelectorAll("*")]
            .filter((one) => one.getBoundingClientRect().right > width + 1)
            .map((one) => one.outerHTML.slice(0, 200));
        }"""
    )
