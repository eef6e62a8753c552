"""Make candide/web/shared/static/shared/dark.css: Bootstrap's dark scheme for the system's setting.

Bootstrap switches by an attribute that only a script could set in time; the strict CSP and pages
without script want a media query. Run again after an update of Bootstrap (a test tells).
"""

import re
from pathlib import Path

import bootstrap_wrapper

TARGET = Path(__file__).parent.parent / "candide/web/shared/static/shared/dark.css"
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DARK = "[data-bs-theme=dark]"


def dark_css() -> str:
    source = (bootstrap_wrapper.get_bootstrap_css_dir() / "bootstrap.css").read_text("utf-8")
    rules = [
        f"{_selector(selectors)}{{{_body(body)}}}"
        for selectors, body in _RULE.findall(_COMMENT.sub("", source))
        if _selector(selectors)
    ]
    version = bootstrap_wrapper.__version__
    head = f"/* Bootstrap {version} (MIT), its dark scheme; made by tools/make_dark_css.py */"
    return "\n".join([head, *rules, ""])


def _selector(selectors: str) -> str:
    """Those of the selectors that belong to the dark scheme, as rules of the whole page."""
    dark = [s.strip() for s in selectors.split(",") if s.strip().startswith(_DARK)]
    return ",".join(":root" + s.removeprefix(_DARK) for s in dark)


def _body(body: str) -> str:
    return ";".join(line.strip() for line in body.strip().split(";\n") if line.strip())


if __name__ == "__main__":
    TARGET.write_text(dark_css(), "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
